import { describe, expect, test } from "vitest";
import { byCell, cellGroup, cellLabel, cellLabels, commonParams } from "../../../src/report/text/cell-label.ts";
import type { RunCell } from "../../../src/result/document/run.ts";
import { pair, size, start } from "../histories.ts";

const of = (benchmark: RunCell["benchmark"], name: string, params: RunCell["params"]): RunCell => ({
  ...{ id: `${benchmark}/${name}`, benchmark, params, status: "ok", metrics: {} },
});
const serving = (params: RunCell["params"]) => of("serve-benchmark", "named", params);

describe("a cell is called", () => {
  test.each<[string, RunCell]>([
    ["batch 4", size(4, 1)],
    ["batch 4 · n 2", { ...size(4, 1), params: { batchSize: 4, n: 2 } }],
    ["named", of("latency-sweep", "named", { inputLen: 8 })],
    ["cold start", start("cold", 1)],
    ["512 → 128 · 100 requests", of("throughput-benchmark", "x", { inputLen: 512, outputLen: 128, numPrompts: 100 })],
    ["512 → 128 · x", of("throughput-benchmark", "x", { inputLen: 512, outputLen: 128 })],
    ["300 → 100 · 2 req/s", pair(300, { requestRate: 2 }, {})],
    ["sharegpt · 2 req/s", serving({ dataset: "sharegpt", requestRate: 2 })],
    ["named", serving({ inputLen: 300, requestRate: 2 })],
    ["named", serving({ outputLen: 300, requestRate: 2 })],
  ])("%s", (label, cell) => expect(cellLabel(cell)).toBe(label));
});

test("two cells that would read the same go by their ids, and a third keeps its name", () => {
  const twin = { ...size(1, 1), id: "latency-sweep/again" };
  expect([...cellLabels([size(1, 1), twin, size(2, 1)]).values()]).toEqual(["in_512_out_128_bs_1", "again", "batch 2"]);
  expect([...cellLabels([size(1, 1), size(1, 1)]).values()]).toEqual(["batch 1"]);
});

test("what all cells share is told once", () => {
  expect(commonParams([size(1, 1), size(2, 1)])).toBe("inputLen 512 · outputLen 128");
  expect(commonParams([serving({ a: 1, b: 2 }), serving({ a: 2, b: 1, c: 1 })])).toBe("");
  expect(commonParams([size(1, 1)])).toBe("batchSize 1 · inputLen 512 · outputLen 128");
  expect(commonParams([])).toBe("");
});

test("cells that may share a scale are in one group", () => {
  expect(cellGroup(size(4, 1))).toBe("512 → 128 tokens");
  expect(cellGroup(of("latency-sweep", "x", {}))).toBe("? → ? tokens");
  expect(cellGroup(of("throughput-benchmark", "x", {}))).toBe("All requests at once");
  expect(cellGroup(start("warm", 1))).toBe("Cold and warm starts");
  expect(cellGroup(serving({ requestRate: 2 }))).toBe("At a request rate");
  expect(cellGroup(serving({ find: "max-rate" }))).toBe("At a request rate");
  expect(cellGroup(serving({ concurrency: 2 }))).toBe("At a concurrency");
  expect(cellGroup(serving({ find: "max-concurrency" }))).toBe("At a concurrency");
  for (const changing of ["rampFrom", "burstSize", "traceSpeed"]) {
    expect(cellGroup(serving({ [changing]: 1 }))).toBe("At a changing rate");
  }
});

test("cells stand with rates before changing ones before concurrencies, and by their numbers within", () => {
  const loads: RunCell["params"][] = [{ concurrency: 1 }, { rampFrom: 1 }, { requestRate: 10 }, { requestRate: 2 }];
  const cells = loads.map((params) => pair(300, params, {}));
  expect(cells.toSorted(byCell).map(({ params }) => Object.entries(params).at(-1))).toEqual([
    ["requestRate", 2],
    ["requestRate", 10],
    ["rampFrom", 1],
    ["concurrency", 1],
  ]);
});
