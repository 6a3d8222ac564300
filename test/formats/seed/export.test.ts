import { expect, test } from "vitest";
import { exportConcurrency, exportLatencies, exportServing } from "../../../src/formats/seed/export.ts";
import type { RunCell } from "../../../src/result/document/run.ts";
import { failedSize, pair, runOn, size } from "../../report/histories.ts";

const written = (text: string) => JSON.parse(text);
const throughput: RunCell = {
  ...{ id: "throughput-benchmark/a", benchmark: "throughput-benchmark", status: "ok", metrics: { duration_s: 2 } },
  params: { batchSize: 4, concurrency: 4, requestRate: 4, inputLen: 300, outputLen: 100 },
};

test("each file takes the cells that it can tell, and those with numbers alone", () => {
  const run = runOn(1, [
    ...[size(1, 2), failedSize(2), throughput, { ...size(4, 1), id: "latency-sweep/x", params: {} }],
    pair(300, { requestRate: 2 }, { request_throughput_req_s: 2 }),
    pair(300, { requestRate: "inf" }, { request_throughput_req_s: 9 }),
    pair(300, { concurrency: 8 }, { tokens_per_s_user: 5 }),
  ]);
  const results = [{ batch_size: 1, avg_latency: 2, p50: 2, p90: 2, p99: 2 }];
  expect(written(exportLatencies([run]))).toEqual([{ timestamp: run.startedAt, results }]);
  expect(written(exportServing([run]))).toEqual({
    "300_100": {
      ...{ input_len: 300, output_len: 100, total_tokens: 400 },
      history: [{ timestamp: run.startedAt, request_throughput: 2 }],
    },
  });
  expect(written(exportConcurrency([run]))).toEqual([
    { timestamp: run.startedAt, max_concurrency: 8, tokens_per_sec_user: 5 },
  ]);
});

test("runs of two machines, or two cells of one name in it, are refused", () => {
  const other = runOn(2, [size(1, 2)], { host: { ...runOn(1, []).host, label: "other" } });
  expect(() => exportLatencies([runOn(1, [size(1, 2)]), other])).toThrow("come from 2 combinations of host");
  const longer = { ...size(1, 3), id: "latency-sweep/longer" };
  expect(() => exportLatencies([runOn(1, [size(1, 2), longer])])).toThrow("would hold batch size 1 twice");
});
