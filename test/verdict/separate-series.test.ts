import { expect, test } from "vitest";
import { headlines } from "../../src/report/trends/headline.ts";
import type { RunCell } from "../../src/result/document/run.ts";
import { separateSeries } from "../../src/verdict/separate-series.ts";
import { runOn, size } from "../report/histories.ts";

test("a cell whose workload changed is another series, named for the difference to the newest", () => {
  const [before, after] = [runOn(1, [asked({ mode: "offline" })]), runOn(2, [asked({ mode: "server" })])];
  const ids = separateSeries([before, after]).map(({ cells }) => cells[0]!.id);
  expect(ids).toEqual([`${size(1, 1).id} (mode offline)`, size(1, 1).id]);
});

test("numbers of another client are another series, whether the run or the cell says who it was", () => {
  const theirs = { ...size(1, 1), client: { kind: "vllm", version: "0.32.0" } };
  const [before, after] = separateSeries([runOn(1, [theirs]), runOn(2, [size(1, 1)])]);
  expect(before!.cells[0]!.id).toBe(`${size(1, 1).id} (client vllm)`);
  expect(after!.cells[0]!.id).toBe(size(1, 1).id);
});

function asked(params: RunCell["params"]): RunCell {
  const cell = size(1, 1);
  return { ...cell, params: { ...cell.params, ...params } };
}

test("a number is never held against one of another workload", () => {
  const runs = [runOn(1, [asked({ mode: "offline" })]), runOn(2, [asked({ mode: "server" })])];
  const [row] = headlines({ runs, accepted: [] }, "latency-sweep", 1)!.rows;
  expect(row!.numbers[0]!.standing).toEqual({ kind: "unjudged" });
});
