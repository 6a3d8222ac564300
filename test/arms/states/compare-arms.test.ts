import { describe, expect, test } from "vitest";
import type { ArmRecord } from "../../../src/arms/states/arm-record.ts";
import { compareArms } from "../../../src/arms/states/compare-arms.ts";
import { goingOn } from "../../../src/arms/statistics/boundary.ts";
import type { RunCell } from "../../../src/result/document/run.ts";
import { armRecord, CELL, PLANS } from "../../support/arm-records.ts";

const DESIGN = { budgets: goingOn([], 0, 20), margin: 0.02 };
const base = armRecord({ name: "base" });
const compare = (...arms: ArmRecord[]) => compareArms([base, ...arms], PLANS, DESIGN);
const states = (...arms: ArmRecord[]) =>
  Object.fromEntries(compare(...arms).map(({ metric, state }) => [metric, state]));

describe("an arm that was measured", () => {
  test("wins where more is better and it has more, and where less is better and it has less", () => {
    expect(states(armRecord({ name: "fast" }, { throughput: 110, ttft: 18, tpot: 4.5 }))).toEqual({
      output_throughput_tok_s: "wins",
      ttft_ms: "wins",
      tpot_ms: "wins",
      e2el_ms: "ties",
    });
  });

  test("loses by the same rule, and ties within the margin", () => {
    const slow = states(armRecord({ name: "slow" }, { throughput: 90, ttft: 22 }));
    expect(slow).toMatchObject({ output_throughput_tok_s: "loses", ttft_ms: "loses", tpot_ms: "ties" });
  });

  test("has its ratio to the base, with the interval and the blocks", () => {
    const [first] = compare(armRecord({ name: "fast" }, { throughput: 110 }));
    expect(first).toMatchObject({ arm: "fast", cell: CELL, metric: "output_throughput_tok_s", blocks: 6 });
    expect(first!.ratio).toBeCloseTo(1.1, 3);
    expect(first!.low).toBeLessThan(1.1);
    expect(first!.high).toBeGreaterThan(1.1);
  });

  test("bought its throughput when a token takes longer for it", () => {
    const [first] = compare(armRecord({ name: "dear" }, { throughput: 110, tpot: 5.5 }));
    expect(first).toMatchObject({ state: "bought", detail: "at the price of tpot_ms × 1.100" });
  });

  test("bought nothing when that is within the margin", () => {
    expect(states(armRecord({ name: "fair" }, { throughput: 110, tpot: 5.05 })).output_throughput_tok_s).toBe("wins");
  });

  test("has a throughput that says nothing when both kept up with the rate", () => {
    const kept = armRecord({ name: "base" }, { duration: 1.1 });
    const arm = armRecord({ name: "arm" }, { duration: 1.1 });
    const [throughput, ttft] = compareArms([kept, arm], PLANS, DESIGN);
    expect([throughput!.state, ttft!.state]).toEqual(["load_limited", "ties"]);
  });

  test("has one that does when only one kept up", () => {
    const [throughput] = compare(armRecord({ name: "arm" }, { throughput: 120, duration: 1.1 }));
    expect(throughput!.state).toBe("wins");
  });
});

describe("an arm that failed", () => {
  const failure = { reason: "engine_crashed", detail: "it ended" } as const;
  const patched = { name: "patched", program: "/venv/bin/vllm", patch: "diff" };
  const crashed = (arm: object): ArmRecord => ({ ...armRecord(arm, {}, { blocks: 0 }), failure });

  test("is its patch's failure when the base ran in the same program", () => {
    const own = armRecord({ name: "base", program: "/venv/bin/vllm" });
    const [first] = compareArms([own, crashed(patched)], PLANS, DESIGN);
    expect(first).toMatchObject({ state: "arm_failed", detail: "engine_crashed: it ended (the patch's failure)" });
  });

  test("is nobody's patch's when the base ran elsewhere, or the arm has none", () => {
    for (const arm of [crashed(patched), crashed({ name: "other" })]) {
      const [first] = compare(arm);
      expect(first!.detail).toBe("engine_crashed: it ended (a failure of the environment, not of a patch)");
    }
  });

  test("fails in one cell alone when others have numbers", () => {
    const arm = { ...armRecord({ name: "arm" }), gaps: new Map([[CELL, failure]]) };
    expect(compare(arm).map(({ state }) => state)).toEqual(Array(4).fill("arm_failed"));
  });

  test("leaves all without a comparison when it is the base", () => {
    const [first] = compareArms([{ ...base, failure }, armRecord({ name: "arm" })], PLANS, DESIGN);
    expect(first).toMatchObject({ state: "arm_failed", detail: "the base has no numbers: engine_crashed: it ended" });
  });
});

test("arms that were not measured alike are not compared, and the difference is named", () => {
  const arm = armRecord({ name: "arm" }, { throughput: 120 });
  const measured = arm.measured.map((one) => ({ ...one, maxModelLen: 2048 }));
  expect(compare({ ...arm, measured })[0]).toMatchObject({
    state: "invalid",
    detail: "not measured alike: max-model-len: 4096 → 2048",
  });
});

describe("a metric that is missing", () => {
  const comparisonsOf = (records: readonly ArmRecord[]) => compareArms(records, PLANS, DESIGN);
  const tpotOf = (records: readonly ArmRecord[]) => comparisonsOf(records).find(({ metric }) => metric === "tpot_ms");
  const arm = armRecord({ name: "arm" }, { tpot: 10 });

  test("in all measurements of both is no comparison", () => {
    const records = [base, arm].map((record) => without(record, () => true));
    const metrics = comparisonsOf(records).map(({ metric }) => metric);
    expect(metrics).toEqual(["output_throughput_tok_s", "ttft_ms", "e2el_ms"]);
  });

  test.each([
    [
      "one measurement of the arm",
      [base, without(arm, (index) => index === 3)],
      "arm has no tpot_ms in 1 of 12 measurements, base in 0",
    ],
    ["all of the arm's", [base, without(arm, () => true)], "arm has no tpot_ms in 12 of 12 measurements, base in 0"],
    [
      "one of the base",
      [without(base, (index) => index === 3), arm],
      "arm has no tpot_ms in 0 of 12 measurements, base in 1",
    ],
    ["all of the base's", [without(base, () => true), arm], "arm has no tpot_ms in 0 of 12 measurements, base in 12"],
    [
      "another block of each",
      [without(base, (index) => index === 3), without(arm, (index) => index === 7)],
      "arm has no tpot_ms in 1 of 12 measurements, base in 1",
    ],
  ] as const)("in %s is said, and the rest is not compared", (_, records, detail) => {
    const tpot = tpotOf(records);
    expect(tpot).toMatchObject({ state: "arm_failed", detail: `${detail}: the rest would be a choice of them` });
    expect(tpot).not.toHaveProperty("ratio");
    expect(comparisonsOf(records).find(({ metric }) => metric === "ttft_ms")!.state).toBe("ties");
  });

  test("in the same block of both leaves that block out, which is said", () => {
    const records = [without(base, (index) => index === 2), without(arm, (index) => index === 3)];
    const detail = "1 block left out: neither has tpot_ms in all of it";
    expect(tpotOf(records)).toMatchObject({ state: "loses", blocks: 5, blocksWithout: 1, detail });
    expect(comparisonsOf(records).find(({ metric }) => metric === "ttft_ms")).toMatchObject({
      state: "ties",
      blocks: 6,
    });
  });

  test("in a block that is not measured to its end is nothing yet", () => {
    const half = { ...arm, measured: arm.measured.slice(0, 11) };
    expect(tpotOf([base, half])).toMatchObject({ state: "loses", blocks: 5 });
  });
});

/** The record, of which some measurements have no time between tokens. */
function without(record: ArmRecord, isWithout: (index: number) => boolean): ArmRecord {
  const measured = record.measured.map((one, index) =>
    isWithout(index) ? { ...one, run: { ...one.run, cells: one.run.cells.map(answersOfOneToken) } } : one,
  );
  return { ...record, measured };
}

function answersOfOneToken(cell: RunCell): RunCell {
  if (cell.status !== "ok") return cell;
  const { tpot_ms: _, ...metrics } = cell.metrics;
  return { ...cell, metrics };
}
