import { expect, test } from "vitest";
import { experimentsCsv, type TriedCombination } from "../../../src/report/experiments/experiment-csv.ts";
import { vllmBenchCsv } from "../../../src/report/experiments/vllm-bench-csv.ts";
import type { ExperimentEnd } from "../../../src/result/document/experiment.ts";
import { sampleRun } from "../../support/run-document.ts";
import { pair, runOn, size, start } from "../histories.ts";

const end = (name: string, settings: Record<string, string>, how: Partial<ExperimentEnd>): ExperimentEnd => ({
  ...{ name, settings, engineArgs: [], status: "ok", seconds: 1.5, configurationHash: "0" },
  ...how,
});

function table(tried: TriedCombination[]): Record<string, string>[] {
  const [header, ...lines] = experimentsCsv(tried)
    .trimEnd()
    .split("\n")
    .map((line) => line.split(","));
  for (const line of lines) expect(line).toHaveLength(header!.length);
  return lines.map((line) => Object.fromEntries(header!.map((name, at) => [name, line[at]!])));
}

test("a line for each cell, its numbers under the metric's name and statistic, empty where it has none", () => {
  const run = sampleRun;
  const rows = table([{ end: end("a_tp2", { model: "org/a", "tensor-parallel-size": "2" }, { runId: run.id }), run }]);
  expect(rows.map(({ cell }) => cell)).toEqual(run.cells.map(({ id }) => id));
  for (const [at, cell] of run.cells.entries()) {
    expect(rows[at]).toMatchObject({
      ...{ combination: "a_tp2", model: "org/a", "tensor-parallel-size": "2", validated: "true", seconds: "1.5" },
      ...{ status: cell.status, run: run.id, reason: cell.status === "ok" ? "" : cell.reason },
    });
    const latency = cell.status === "ok" ? cell.metrics.latency_s : undefined;
    expect(rows[at]!.latency_s_p50).toBe(String(latency?.p50 ?? ""));
    expect(rows[at]!.latency_s_mean).toBe(String(latency?.mean ?? ""));
  }
});

test("a measured start has its seconds", () => {
  const [row] = table([{ end: end("a", {}, {}), run: runOn(1, [start("warm", 12.5)]) }]);
  expect(row).toMatchObject({ cell: "startup-benchmark/warm", startup_s_mean: "12.5", startup_s_p50: "12.5" });
});

test("results_summary.csv has vllm-bench's columns: serving cells with numbers, by the settings that were asked for", () => {
  const eager = { ...end("a_eager-on", { "enforce-eager": "on" }, {}), engineArgs: ["--enforce-eager"] };
  const metrics = { request_throughput_req_s: 1.9, output_throughput_tok_s: 190, ttft_ms: { mean: 21, p50: 18 } };
  const run = runOn(1, [size(1, 1.5), pair(300, { requestRate: 2 }, metrics)]);
  const csv = vllmBenchCsv([
    { end: eager, run },
    { end: end("b", {}, { status: "failed" }), run: undefined },
  ]);
  const { name, tensorParallel, quantization } = run.model;
  expect(csv.split("\n")).toEqual([
    "Model,TP,Quantization,EnforceEager,ReqThroughput_req_s,OutThroughput_tok_s,TTFT_ms,TPOT_ms,Filename",
    `${name},${tensorParallel},${quantization ?? "none"},true,1.9,190,21,,a_eager-on/run.json`,
    "",
  ]);
});

test("combinations without a document have one line that says why; a setting that one does not have is empty", () => {
  const rows = table([
    { end: end("a", { model: "a" }, { status: "skipped", reason: "known_bad", seconds: 0 }), run: undefined },
    { end: end("b", { "max-num-seqs": "8" }, { status: "failed", reason: "environment" }), run: undefined },
  ]);
  expect(rows).toMatchObject([
    { model: "a", "max-num-seqs": "", status: "skipped", validated: "false", reason: "known_bad", cell: "" },
    { model: "", "max-num-seqs": "8", status: "failed", validated: "false", reason: "environment", ttft_ms_p99: "" },
  ]);
});
