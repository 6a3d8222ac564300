import { expect, test } from "vitest";
import { runSummary } from "../../src/report/markdown.ts";
import { keepLogsOnce } from "../../src/result/assemble/shared-log.ts";
import { crashedServingCell, failedRun, sampleRun } from "../support/run-document.ts";

test("a good run shows its results, its time account and its id", () => {
  expect(runSummary(sampleRun).source).toBe(`## pitwall: ✅ ok

meta-llama/Llama-3.1-8B-Instruct · vllm 0.32.0 · 1 × NVIDIA H100 80GB HBM3 · h100-1

### Batch latency

| In:out | Batch size | Mean (s) | p50 (s) | p90 (s) | p99 (s) |
| :-- | --: | --: | --: | --: | --: |
| 512:128 | 1 | 1.3635 | 1.3632 | 1.3646 | ≈1.3663 |

≈ too few samples to say: with 95 % confidence p90 takes 29, p99 299 and p99.9 2,995 of them (docs/metrics.md)

Time: 1063.0 s: engine start 35.2 s + warm-up 100.0 s + measuring 900.0 s + overhead 27.8 s (2.6 %)

Run \`20261122T064501Z-7f3a9c2e\`
`);
});

test("a failed cell is a row without numbers, with its reason and the log below", () => {
  const summary = runSummary(failedRun).source;
  expect(summary).toContain("| 300:100 | 12.5 req/s | failed: engine_crashed | – | – | – | – | – | – | – |");
  expect(summary).toContain("**engine_crashed**. The engine's process ended. the engine's process ended");
  expect(summary).toContain("CUDA error: an illegal memory access was encountered");
});

test("cells that one failure left without numbers are one line, and its log is there once", () => {
  const cells = Array.from({ length: 240 }, (_, i) => ({ ...crashedServingCell, id: `serve-benchmark/rate_${i}` }));
  const other = { ...crashedServingCell, detail: "the engine's process ended, too" };
  const summary = runSummary({ ...failedRun, cells: keepLogsOnce([...cells, other]) }).source;
  expect(summary).toContain(
    "- 240 cells failed: **engine_crashed**. The engine's process ended. the engine's process ended\n",
  );
  expect(summary).toContain("`serve-benchmark/rate_0`, `serve-benchmark/rate_1`, ");
  expect(summary.match(/illegal memory access/g)).toHaveLength(1);
});

test("of many logs the first ten are shown", () => {
  const cells = Array.from({ length: 40 }, (_, i) => ({
    ...crashedServingCell,
    id: `serve-benchmark/rate_${i}`,
    logTail: `log ${i}`,
  }));
  const summary = runSummary({ ...failedRun, cells }).source;
  expect(summary.match(/log \d+/g)).toHaveLength(10);
  expect(summary.match(/It is in run\.json/g)).toHaveLength(30);
});

test("simulated numbers are called so", () => {
  expect(runSummary({ ...sampleRun, simulated: true }).source).toMatch(/SIMULATED[\s\S]*Simulated numbers/);
});

test("GPUs and the phases of the engine's start are told as far as they are known", () => {
  const gpu = { name: "NVIDIA H100 80GB HBM3", memoryMib: 81_559, powerLimitW: 700, maxClockMhz: 1980, mig: false };
  const host = {
    ...sampleRun.host,
    gpuCount: 2,
    gpus: [gpu, { ...gpu, powerLimitW: 650 }],
    driver: "570.86",
    cuda: "12.8",
  };
  const startPhases = { weightsSeconds: 0.98, compileSeconds: 9.85, initSeconds: 20.04 };
  const summary = runSummary({ ...sampleRun, host, engine: { ...sampleRun.engine, startPhases } }).source;
  expect(summary).toContain(
    "\n\nGPU: 2 × NVIDIA H100 80GB HBM3: GPU memory 79.6 GiB, power limit 700 W, 650 W, highest clock 1,980 MHz, MIG off, driver 570.86, CUDA 12.8\n\n",
  );
  expect(summary).toContain(
    "\n\nEngine ready after 35.2 s, as its log tells: loading weights 1.0 s, compiling 9.8 s, initialising 20.0 s\n\n",
  );
});
