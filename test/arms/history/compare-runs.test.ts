import { describe, expect, test } from "vitest";
import { compareRuns } from "../../../src/arms/history/compare-runs.ts";
import type { Run, RunCell } from "../../../src/result/document/run.ts";
import { failedSize, pair, runOn, size } from "../../report/histories.ts";

/** Ten nights that vary by about half a percent. */
const WOBBLE = [1, 1.005, 0.997, 1.002, 0.998, 1.004, 0.995, 1.001, 1.003, 0.999];
const calm = WOBBLE.map((factor, day) => runOn(day + 1, [size(1, factor), size(2, 2 * factor)]));
const compared = (a: Run, b: Run, history: Run[] = calm) =>
  compareRuns({ a: [a], b: [b], history: [...new Set([...history, a, b])], margin: 0.02 });
const rowOf = (cells: RunCell[], changes: Partial<Run> = {}) => compared(calm[9]!, runOn(11, cells, changes))[0]!;

test("a number is worse or better than another by more than numbers of its series vary from run to run", () => {
  const rows = compared(calm[9]!, runOn(11, [size(1, 1.05), size(2, 1.9)]));
  expect(rows.map(({ cell, state, noise }) => [cell, state, noise])).toEqual([
    [size(1, 1).id, "loses", "runs"],
    [size(2, 1).id, "wins", "runs"],
  ]);
  const [slower] = rows;
  expect(slower!.ratio).toBeCloseTo(1.05 / 0.999, 10);
  expect(slower!.low).toBeGreaterThan(1.03);
  expect(slower!.high).toBeLessThan(1.08);
});

test("of a throughput more is better", () => {
  const tokens = (factor: number) => [pair(300, { requestRate: 1 }, { output_throughput_tok_s: 1000 * factor })];
  const nights = WOBBLE.map((factor, day) => runOn(day + 1, tokens(factor)));
  expect(compared(nights[9]!, runOn(11, tokens(1.05)), nights)[0]).toMatchObject({
    metric: "output_throughput_tok_s",
    state: "wins",
  });
});

test("equal is what lies within the margin with all of its interval; between is undecided", () => {
  expect(rowOf([size(1, 1.001)]).state).toBe("ties");
  expect(rowOf([size(1, 1.012)]).state).toBe("undecided");
});

test("several runs a side know more than one", () => {
  const later = [11, 12, 13, 14].map((day) => runOn(day, [size(1, 1.012 * WOBBLE[day - 11]!)]));
  const [row] = compareRuns({ a: calm.slice(6), b: later, history: [...calm, ...later], margin: 0.02 });
  expect(row).toMatchObject({ state: "loses", runs: [4, 4] });
});

test("without a history the repeats within a run tell the noise, and it is said that they did", () => {
  const withRepeats = (day: number, factor: number) => {
    const cell = size(1, factor);
    const values = [1, 1.002, 0.999, 1.001].map((one) => one * factor);
    return runOn(day, [{ ...cell, repeats: { count: 4, metrics: { latency_s: values } } } as RunCell]);
  };
  expect(compared(withRepeats(1, 1), withRepeats(2, 1.03), [])[0]).toMatchObject({ state: "loses", noise: "repeats" });
});

test("without either there is a ratio and no verdict", () => {
  expect(compared(runOn(1, [size(1, 1)]), runOn(2, [size(1, 2)]), [])[0]).toEqual(
    expect.objectContaining({ ratio: 2, state: "undecided", detail: expect.stringMatching(/too few numbers/) }),
  );
});

describe("what cannot be compared has a row that says why", () => {
  test("another machine", () => {
    const host = { ...calm[0]!.host, label: "h100-2" };
    expect(rowOf([size(1, 1)], { host })).toMatchObject({
      state: "invalid",
      detail: "not comparable: host h100-1 → h100-2",
      a: 0.999,
      b: 1,
    });
  });

  test("other engine arguments", () => {
    const engine = { ...calm[0]!.engine, args: ["--enforce-eager"] };
    expect(rowOf([size(1, 1)], { engine }).detail).toBe("not comparable: engineArguments none → --enforce-eager");
  });

  test("another workload of the same name", () => {
    const cell = size(1, 1);
    const row = rowOf([{ ...cell, params: { ...cell.params, dataset: "sharegpt" } }]);
    expect(row).toMatchObject({ state: "invalid", detail: expect.stringMatching(/workload .*dataset/) });
  });

  test("a cell that failed on one side", () => {
    expect(rowOf([failedSize(1)])).toMatchObject({
      state: "arm_failed",
      detail: expect.stringMatching(/^B has no number: /),
    });
  });

  test("a cell that only one side measured", () => {
    const rows = compared(calm[9]!, runOn(11, [size(2, 2)]));
    expect(rows[1]).toMatchObject({
      cell: size(1, 1).id,
      state: "invalid",
      detail: "B did not measure it",
      runs: [1, 0],
    });
  });
});

test("each row is there once, whatever differs", () => {
  const host = { ...calm[0]!.host, label: "h100-2" };
  const rows = compared(calm[9]!, runOn(11, [size(1, 1), size(2, 2), size(4, 4)], { host }));
  expect(rows.map(({ cell, detail }) => `${cell}: ${detail}`)).toEqual([
    `${size(1, 1).id}: not comparable: host h100-1 → h100-2`,
    `${size(2, 1).id}: not comparable: host h100-1 → h100-2`,
    `${size(4, 1).id}: A did not measure it`,
  ]);
});
