import { describe, expect, test } from "vitest";
import { seededRandom } from "../../../src/workload/random.ts";
import { commitsOf, levelsOf, type SimulatedLine, simulatedSearch } from "../../support/simulated-search.ts";

const SEEDS = [1, 2, 3, 4, 5, 6];
const line = (seed: number, more: Partial<SimulatedLine> & Pick<SimulatedLine, "levels">): SimulatedLine => ({
  noise: 0.02,
  random: seededRandom(seed, 0),
  ...more,
});

describe.each(SEEDS)("with seed %i, a search", (seed) => {
  test("finds the one commit of 64 that lost 5 %, and verifies it beside its parent", async () => {
    const { end } = await simulatedSearch(line(seed, { levels: levelsOf(64, { 41: -0.05 }) }));
    expect([end.kind, end.changes.map(commitsOf)]).toEqual(["culprit", [[41, 41]]]);
    expect(end.changes[0]!.beside!.verdict).toBe("lower");
    expect(end.changes[0]!.probability).toBeGreaterThan(0.97);
    expect(end.changes[0]!.ratio).toBeGreaterThan(0.93);
  });

  test("blames nobody where the ends do not differ", async () => {
    const { end } = await simulatedSearch(line(seed, { levels: levelsOf(64, {}) }));
    expect([end.kind, end.changes]).toEqual(["not_reproduced", []]);
  });

  test("goes around commits that cannot be built, and gives the range that they hide the culprit in", async () => {
    const broken = new Set([9, 20, 21, 22, 23, 40]);
    const { end, evidence } = await simulatedSearch(line(seed, { levels: levelsOf(48, { 22: 0.06 }), broken }));
    expect([end.kind, end.changes.map(commitsOf)]).toEqual(["range", [[20, 24]]]);
    expect(evidence.skipped.every((commit) => broken.has(commit))).toBe(true);
  });

  test("gives both commits where the change came in two steps", async () => {
    const { end } = await simulatedSearch(line(seed, { levels: levelsOf(64, { 12: 0.06, 50: 0.04 }), noise: 0.01 }));
    expect([end.kind, end.changes.map(commitsOf).toSorted(([a], [b]) => a - b)]).toEqual([
      "culprit",
      [
        [12, 12],
        [50, 50],
      ],
    ]);
  });

  test("blames a commit that did change the numbers where one change was taken back and came again", async () => {
    const { end } = await simulatedSearch(line(seed, { levels: levelsOf(64, { 10: 0.05, 25: -0.05, 45: 0.05 }) }));
    expect(end.kind).toBe("culprit");
    expect([10, 25, 45]).toEqual(expect.arrayContaining(end.changes.map(({ stretch }) => stretch.to)));
  });

  test("measures the bad end again when the pair was measured too small by chance", async () => {
    const { end } = await simulatedSearch(
      line(seed, { levels: levelsOf(64, { 41: 0.05 }), noise: 0.03, maxBlocks: 200 }),
    );
    expect([end.kind, end.changes.map(commitsOf)]).toEqual(["culprit", [[41, 41]]]);
  });
});

test("without noise it needs little more than one block for each halving", async () => {
  const { end, evidence } = await simulatedSearch(line(1, { levels: levelsOf(64, { 3: 0.02 }), noise: 0 }));
  expect([end.kind, commitsOf(end.changes[0]!)]).toEqual(["culprit", [3, 3]]);
  expect(evidence.blocks.filter(({ commit, against }) => against === 0 && commit !== 64).length).toBeLessThanOrEqual(9);
});

test("a machine that gets slower all the while is not mistaken for a commit", async () => {
  for (const seed of SEEDS) {
    const slower = line(seed, { levels: levelsOf(64, { 33: 0.05 }), noise: 0.01, drift: 0.004 });
    const { end } = await simulatedSearch(slower);
    expect([end.kind, end.changes.map(commitsOf)]).toEqual(["culprit", [[33, 33]]]);
    expect((await simulatedSearch({ ...slower, levels: levelsOf(64, {}) })).end.kind).toBe("not_reproduced");
  }
});

test("one measurement in twenty that is off by a third does not send it astray", async () => {
  for (const seed of SEEDS) {
    const outliers = { share: 0.05, logRatio: seed % 2 === 0 ? Math.log(4 / 3) : -Math.log(4 / 3) };
    const { end } = await simulatedSearch(line(seed, { levels: levelsOf(64, { 17: 0.05 }), outliers, maxBlocks: 120 }));
    expect([end.kind, end.changes.map(commitsOf)]).toEqual(["culprit", [[17, 17]]]);
  }
});

test("a change in the other direction than the alarm's is none", async () => {
  const { end } = await simulatedSearch(line(1, { levels: levelsOf(8, { 3: 0.1 }), direction: "lower" }));
  expect(end.kind).toBe("not_reproduced");
});

test("two commits side by side need no search: the ends are the pair", async () => {
  const { end, evidence } = await simulatedSearch(line(1, { levels: levelsOf(1, { 1: 0.1 }) }));
  expect([end.kind, commitsOf(end.changes[0]!)]).toEqual(["culprit", [1, 1]]);
  expect(evidence.blocks.every(({ commit, against }) => commit === 1 && against === 0)).toBe(true);
});

test("where nothing between the ends can be built, all of it is the range", async () => {
  const broken = new Set([1, 2, 3]);
  const { end } = await simulatedSearch(line(1, { levels: levelsOf(4, { 2: 0.1 }), broken }));
  expect([end.kind, commitsOf(end.changes[0]!)]).toEqual(["range", [1, 4]]);
});

describe("a budget that ends first", () => {
  test("before the ends were told apart leaves nothing to say", async () => {
    const { end } = await simulatedSearch(line(1, { levels: levelsOf(64, { 41: 0.03 }), maxBlocks: 2 }));
    expect([end.kind, end.changes, end.runnerUp]).toEqual(["budget_spent", [], null]);
  });

  test("in the middle leaves the likeliest commit and the next", async () => {
    const { end, evidence } = await simulatedSearch(line(1, { levels: levelsOf(64, { 41: 0.05 }), maxBlocks: 12 }));
    expect([end.kind, evidence.blocks.length]).toEqual(["budget_spent", 12]);
    expect(end.changes).toHaveLength(1);
    expect(end.runnerUp!.probability).toBeLessThanOrEqual(end.changes[0]!.probability);
  });
});

test("what is known beforehand spares blocks", async () => {
  const levels = levelsOf(64, { 41: 0.05 });
  const blocksOf = async (more: Partial<SimulatedLine>) => {
    const searches = SEEDS.map((seed) => simulatedSearch(line(seed, { levels, ...more })));
    return (await Promise.all(searches)).reduce((sum, { evidence }) => sum + evidence.blocks.length, 0);
  };
  const blind = await blocksOf({});
  // Only every eighth commit touches what runs.
  const paths = await blocksOf({ weights: levels.slice(1).map((_, index) => (index % 8 === 0 ? 1 : 0.1)) });
  const nightly = [39, 40, 42, 43].map((commit) => ({ commit, logRatio: levels[commit]!, spread: 0.02 }));
  const stored = await blocksOf({ stored: nightly });
  expect(paths).toBeLessThan(blind);
  expect(stored).toBeLessThan(blind);
});

test("a number of an earlier run that misleads costs blocks, not the result", async () => {
  const stored = [{ commit: 20, logRatio: 0.05, spread: 0.02 }];
  const { end } = await simulatedSearch(line(3, { levels: levelsOf(64, { 41: 0.05 }), stored }));
  expect([end.kind, end.changes.map(commitsOf)]).toEqual(["culprit", [[41, 41]]]);
});
