import { expect, test } from "vitest";
import { type Pair, pairedRuns } from "../../../src/accuracy/statistics/paired.ts";
import { Z_95 } from "../../../src/accuracy/statistics/proportion.ts";
import { seededRandom } from "../../../src/workload/random.ts";

const pair = (id: string, before: boolean, now: boolean): Pair => ({ id, before, now });

test("changes are listed by the samples that they are of", () => {
  const { lost, gained, change, verdict, samples } = pairedRuns([
    pair("a", true, false),
    pair("b", true, true),
    pair("c", false, true),
    pair("d", true, false),
  ]);
  expect({ lost, gained, change, verdict, samples }).toEqual({
    lost: ["a", "d"],
    gained: ["c"],
    change: -0.25,
    verdict: "no_difference_shown",
    samples: 4,
  });
});

test("six losses without a gain are worse, six gains better, and five of either nothing yet", () => {
  const changes = (count: number, before: boolean) =>
    pairedRuns(Array.from({ length: count }, (_, index) => pair(String(index), before, !before))).verdict;
  expect(changes(6, true)).toBe("worse");
  expect(changes(6, false)).toBe("better");
  expect(changes(5, true)).toBe("no_difference_shown");
});

const RIGHT = 0.8;
/** Shares of all samples that change by chance, as many each way. */
const CHANCE = 0.001;

/** Two runs on the same samples, of which the second loses a share of all. */
function twoRuns(seed: number, samples: number, loss: number): Pair[] {
  const random = seededRandom(seed, samples);
  return Array.from({ length: samples }, (_, index) => {
    const before = random() < RIGHT;
    const changes = random() < (before ? (loss + CHANCE) / RIGHT : CHANCE / (1 - RIGHT));
    return pair(String(index), before, changes !== before);
  });
}

const SEEDS = Array.from({ length: 300 }, (_, seed) => seed);
const shareOf = (holds: (seed: number) => boolean) => SEEDS.filter(holds).length / SEEDS.length;

const rightOf = (pairs: readonly Pair[], when: "before" | "now") => pairs.filter((one) => one[when]).length;

/** Whether the scores of two runs, each on samples of its own, differ beyond chance: the test of two proportions. */
function isWorseByScores(before: number, now: number, samples: number): boolean {
  const middle = (before + now) / (2 * samples);
  return (before - now) / samples > Z_95 * Math.sqrt((2 * middle * (1 - middle)) / samples);
}

test.for([
  { samples: 1000, seen: 0.8 },
  { samples: 2000, seen: 0.99 },
])(
  "a loss of 1 % shows among $samples paired samples, and in two independent scores it does not",
  ({ samples, seen }) => {
    const seenInPairs = shareOf((seed) => pairedRuns(twoRuns(seed, samples, 0.01)).verdict === "worse");
    const seenInScores = shareOf((seed) => {
      const [one, other] = [twoRuns(seed, samples, 0.01), twoRuns(seed + 1000, samples, 0.01)];
      return isWorseByScores(rightOf(one, "before"), rightOf(other, "now"), samples);
    });
    expect(seenInPairs).toBeGreaterThanOrEqual(seen);
    expect(seenInScores).toBeLessThan(0.2);
  },
);

test("of equal engines at most one run in forty is called worse", () => {
  expect(shareOf((seed) => pairedRuns(twoRuns(seed, 2000, 0)).verdict === "worse")).toBeLessThanOrEqual(0.025);
});
