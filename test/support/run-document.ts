import type { Run, RunCell } from "../../src/result/document/run.ts";

export const okLatencyCell: RunCell = {
  id: "latency-sweep/in_512_out_128_bs_1",
  benchmark: "latency-sweep",
  params: { batchSize: 1, inputLen: 512, outputLen: 128 },
  status: "ok",
  metrics: { latency_s: { count: 30, mean: 1.3635, std: 0.001, p50: 1.3632, p90: 1.3646, p99: 1.3663 } },
};

export const crashedServingCell: RunCell = {
  id: "serve-benchmark/in_300_out_100_rate_12.5",
  benchmark: "serve-benchmark",
  params: { inputLen: 300, outputLen: 100, requestRate: 12.5, numPrompts: 2250 },
  status: "failed",
  reason: "engine_crashed",
  detail: "the engine's process ended",
  logTail: "CUDA error: an illegal memory access was encountered",
  completed: 7,
  failed: 3,
};

/** A small, valid run document; tests change it by spread. */
export const sampleRun: Run = {
  schema: "pitwall.run/1",
  id: "20261122T064501Z-7f3a9c2e",
  startedAt: "2026-11-22T06:45:01Z",
  finishedAt: "2026-11-22T07:02:44Z",
  outcome: "ok",
  trigger: {
    repository: "octo/llm",
    commit: "0123456789abcdef0123456789abcdef01234567",
    ref: "refs/heads/main",
    subject: "Fuse the attention kernel",
    runUrl: "https://github.com/octo/llm/actions/runs/1",
    attempt: 1,
    job: "benchmark",
  },
  engine: { kind: "vllm", version: "0.32.0", image: null, imageDigest: null, args: [], secondsToReady: 35.2 },
  model: {
    name: "meta-llama/Llama-3.1-8B-Instruct",
    revision: null,
    dtype: "bfloat16",
    quantization: null,
    tensorParallel: 1,
  },
  host: { label: "h100-1", gpu: "NVIDIA H100 80GB HBM3", gpuCount: 1, driver: null, cuda: null, cpu: null, cores: 26 },
  client: { kind: "pitwall", version: "1.0.0" },
  simulated: false,
  time: { engineStartSeconds: 35.2, warmupSeconds: 100, measuredSeconds: 900, overheadSeconds: 27.8 },
  cells: [okLatencyCell],
};

export const failedRun: Run = { ...sampleRun, outcome: "failed", cells: [okLatencyCell, crashedServingCell] };
