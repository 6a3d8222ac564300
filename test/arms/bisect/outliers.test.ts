import { describe, expect, test } from "vitest";
import { calmBlocks } from "../../../src/arms/bisect/outliers.ts";
import type { PairBlock, Timed } from "../../../src/arms/statistics/pair-block.ts";
import { seededRandom } from "../../../src/workload/random.ts";
import { normal } from "../../support/simulated-search.ts";

const timed = (value: number): Timed => ({ at: 0, value });
const block = (base: [number, number], arm: [number, number]): { block: PairBlock } => ({
  block: { base: [timed(base[0]), timed(base[1])], arm: [timed(arm[0]), timed(arm[1])] },
});
const CALM = [block([100, 101], [104, 105]), block([100, 99], [106, 105]), block([101, 100], [105, 106])];

describe("blocks of a search", () => {
  test("in which two numbers of one build lie far apart do not count", () => {
    const [slow, fast] = [block([100, 133], [105, 106]), block([100, 101], [75, 106])];
    expect(calmBlocks([...CALM, slow, fast])).toEqual(CALM);
  });

  test("count whatever the two builds differ", () => {
    const other = block([100, 101], [50, 50.5]);
    expect(calmBlocks([...CALM, other])).toEqual([...CALM, other]);
  });

  test("all count while there are few: nothing is far out yet", () => {
    const slow = block([100, 133], [105, 106]);
    expect(calmBlocks([slow, CALM[0]!, CALM[1]!])).toHaveLength(3);
  });

  test("all count where every other number is off: then that is how this build is", () => {
    const moods = Array.from({ length: 8 }, (_, index) =>
      block([100, 133], [index, index + 1].map((i) => 100 + 30 * (i % 2)) as [number, number]),
    );
    expect(calmBlocks(moods)).toEqual(moods);
  });

  test("of normal noise count nearly all", () => {
    const random = seededRandom(3, 3);
    const number = () => Math.exp(0.02 * normal(random));
    const blocks = Array.from({ length: 10_000 }, () => block([number(), number()], [number(), number()]));
    expect(calmBlocks(blocks).length).toBeGreaterThan(9990);
  });
});
