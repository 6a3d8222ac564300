import { describe, expect, test } from "vitest";
import { benchCells } from "./cells.ts";
import { MEASURES, type MeasureName, type Measures } from "./measures.ts";
import { parseOptions } from "./options.ts";
import { rotated } from "./order.ts";
import type { BenchRun } from "./run-cell.ts";
import { markdownReport, tableRows } from "./table.ts";
import { isReached } from "./targets.ts";
import { validityProblems } from "./validity.ts";

const nothing = Object.fromEntries(Object.keys(MEASURES).map((name) => [name, null])) as Measures;
const CELL = "64 streams, lock-step";
const run = (tool: string, repeat: number, measures: Partial<Record<MeasureName, number>>): BenchRun => ({
  cell: CELL,
  tool,
  repeat,
  problems: [],
  notes: [],
  punctual: true,
  measures: { ...nothing, ...measures },
});

describe("the table", () => {
  const failed: BenchRun = { ...run("aiperf", 1, {}), problems: ["it ended\nwith 1"], punctual: false, measures: null };
  const runs = [
    ...[1, 3, 2].map((ttftErrorMean, index) => run("pitwall", index + 1, { ttftErrorMean, memory: 110 })),
    ...[10, 20, 30].map((ttftErrorMean, index) => run("vllm", index + 1, { ttftErrorMean })),
    failed,
  ];

  test("has a row for each measure that somebody has, with medians, ranges, ratio and verdict", () => {
    const [row, ...others] = tableRows(runs);
    expect(row).toMatchObject({ cell: CELL, measure: MEASURES.ttftErrorMean, ratio: 0.1, reached: "yes" });
    expect(row!.target).toBe("≤ 0.25 × vllm, < every peer");
    expect(row!.values.get("pitwall")).toEqual({ median: 2, min: 1, max: 3, punctual: true });
    expect(row!.values.has("aiperf")).toBe(false);
    expect(others.map(({ measure, reached }) => [measure, reached])).toEqual([[MEASURES.memory, ""]]);
  });

  test("leaves out runs with a late engine where there are others, and marks them where there are none", () => {
    const late = (tool: string, memory: number) => ({ ...run(tool, 4, { memory }), punctual: false });
    const text = markdownReport([...runs, late("pitwall", 900), late("vllm", 700)], ["pitwall", "vllm"]);
    expect(text).toContain(`| ${MEASURES.memory} | 110 | ~700 |`);
  });

  test("as Markdown shows what failed as failed", () => {
    const text = markdownReport(runs, ["pitwall", "vllm", "aiperf"]);
    expect(text).toContain(
      "| Valid runs, of them with the engine on time | 3 of 3, 3 | 3 of 3, 3 | 0 of 1, 0 |  |  |  |",
    );
    expect(text).toContain("| 2.000 (1.000 … 3.000) | 20.0 (10.0 … 30.0) |  | 0.10 |");
    expect(text).toContain("- aiperf, 64 streams, lock-step, repeat 1: failed: it ended with 1");
  });
});

test("a target is reached, missed, or not to be judged without the figures that it needs", () => {
  const medians = new Map([
    ["pitwall", 2],
    ["vllm", 6],
    ["aiperf", 1],
  ]);
  const alone = new Map([["pitwall", 2]]);
  const below = { kind: "below-every-peer" } as const;
  expect(isReached({ kind: "at-most", value: 2 }, medians)).toBe(true);
  expect(isReached({ kind: "within", low: 0, high: 1 }, medians)).toBe(false);
  expect(isReached({ kind: "of-vllm", value: 0.25 }, medians)).toBe(false);
  expect(isReached(below, medians)).toBe(false);
  expect(isReached({ kind: "of-vllm", value: 0.25 }, alone)).toBeNull();
  expect(isReached(below, alone)).toBeNull();
  expect(isReached({ kind: "at-most", value: 2 }, new Map())).toBeNull();
});

test("a cell counts only when engine and tool agree that every answer came whole", () => {
  const cell = { ...benchCells([1], false)[0]!, outputTokens: 2, warmupRequests: 1, requests: 1 };
  const truth = (tokens: number) => {
    const moments = Array(tokens).fill(1);
    return { id: "", acceptedMs: 0, writtenMs: moments, dueMs: moments, outputTokens: tokens, end: "" };
  };
  const request = { id: null, startMs: 0, ttftMs: 1, gapsMs: null, tpotMs: 1, sendLatenessMs: null };
  const report = { failed: 0, limitedBy: null, requests: [{ ...request, outputTokens: 2 }] };
  expect(validityProblems(cell, report, [truth(2), truth(2)])).toEqual([]);
  expect(validityProblems(cell, { ...report, requests: [], failed: 1 }, [truth(2), truth(1), truth(2)])).toEqual([
    "the engine saw 3 requests instead of 2",
    "1 answers did not reach their end",
    "it reports 1 failed requests",
    "it reports 0 whole answers instead of 1",
  ]);
});

test("cells are those of the figures to reach, or all of them", () => {
  const ids = (full: boolean) => benchCells([1, 64, 256], full).map(({ id }) => id);
  const quick = ["1 stream, lock-step", "64 streams, lock-step", "64 streams, staggered", "256 streams, staggered"];
  const more = ["256 streams, lock-step", "64 streams, staggered, not pinned"];
  expect(ids(false)).toEqual([...quick, "100 requests/s, Poisson"]);
  expect(ids(true).toSorted()).toEqual([...ids(false), ...more].toSorted());
});

test("each tool comes first once in as many rounds as there are tools", () => {
  expect([0, 1, 2].map((round) => rotated(["a", "b", "c"], round).join(""))).toEqual(["abc", "bca", "cab"]);
});

test("options have defaults, and bad ones say what to write instead", () => {
  expect(parseOptions([])).toMatchObject({ repeats: 3, levels: [1, 64, 256, 512], full: false, json: undefined });
  expect(parseOptions(["--tools", "pitwall,vllm", "--levels", "8"])).toMatchObject({
    tools: ["pitwall", "vllm"],
    levels: [8],
  });
  expect(() => parseOptions(["--repeats", "0"])).toThrow("--repeats takes whole numbers from 1 on, not “0”");
  expect(() => parseOptions(["--tools", "wrk"])).toThrow("--tools takes pitwall, vllm, guidellm, aiperf, not “wrk”");
});
