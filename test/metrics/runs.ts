import type { Run } from "../../src/result/document/run.ts";
import { okLatencyCell, sampleRun } from "../support/run-document.ts";

/** A run with a number for every panel, of a model whose name nothing may take for anything else. */
export const fullRun: Run = {
  ...sampleRun,
  model: { ...sampleRun.model, name: 'Qwen/Qwen3-32B "x"\\n, Zürich', quantization: "w8a8" },
  cells: [
    okLatencyCell,
    {
      id: "serve-benchmark/in_128_out_128_concurrency_4",
      benchmark: "serve-benchmark",
      params: { inputLen: 128, outputLen: 128, concurrency: 4 },
      status: "ok",
      metrics: {
        ttft_ms: { count: 400, mean: 21.25, std: 1e-7, p50: 20.5, p99: 40, "p99.9": 51.5 },
        tpot_ms: { count: 400, p50: 8.5, p99: 9 },
        e2el_ms: { count: 400, p50: 1100, p95: 1200, p99: 1300 },
        ...{ request_throughput_req_s: 3.6, output_throughput_tok_s: 465.4321, completed: 400, failed: 0 },
      },
    },
    {
      ...{ id: "check-functional/openai", benchmark: "check-functional", params: {}, status: "ok" },
      metrics: { conforms: 110, deviates: 4, unsupported: 6, not_tested: 0, conforming_fraction: 110 / 114 },
      outcomes: { "chat.stream.done": "conforms", "chat.tools.auto": "deviates" },
    },
    {
      ...{ id: "check-accuracy/smoke", benchmark: "check-accuracy", params: {}, status: "ok" },
      metrics: { score: 0.875, samples: 64, score_low: 0.77, score_high: 0.94 },
    },
  ],
};
