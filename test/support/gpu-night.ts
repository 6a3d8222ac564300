import { z } from "zod";
import { type Clock, latencyCell, startCells, throughputCell } from "../../scripts/fake-db/cells.ts";
import { serveRequests, type VirtualEngine } from "../../scripts/fake-db/virtual-engine.ts";
import type { ServingCell } from "../../src/load/strategy/serving-cell.ts";
import { assembleRun } from "../../src/result/assemble/assemble.ts";
import type { Cell, ClientHealth, RequestSamples } from "../../src/result/document/cell.ts";
import type { EngineRecord } from "../../src/result/document/engine-record.ts";
import { Run } from "../../src/result/document/run.ts";
import { mergeHealth } from "../../src/result/measure/client-health.ts";
import { mergeTelemetry } from "../../src/result/measure/telemetry-merge.ts";
import { PRESETS } from "../../src/simulator/timing/presets.ts";
import { noiseFactors } from "../../src/simulator/timing/step-time.ts";
import { servingInputs } from "../../src/verbs/serve-benchmark/inputs.ts";
import { servingCells } from "../../src/verbs/serve-benchmark/plan.ts";
import { latencyInputs, planSweep } from "../../src/verbs/sweep/plan.ts";
import { plannedThroughput, throughputInputs } from "../../src/verbs/sweep/throughput-plan.ts";
import { GPUS, gpuTelemetry } from "./gpu-telemetry.ts";
import { sampleRun } from "./run-document.ts";

/*
 * A night on a machine of eight GPUs, with all that a cell may hold beside its metrics. Requests are those of the simulated
 * engine, what the GPUs and the engine said comes from lines and levels as they tell them; from there on all is our own code.
 */

const noise = noiseFactors(0.02, 1);
const ENGINE: VirtualEngine = { timing: PRESETS["h100-8b"].timing, noise };
const ENDED = "2026-11-22T06:45:01.123Z";

const sweep = z.strictObject(latencyInputs).parse({ batchSizes: "1-9", warmup: 3, iterations: 30 });
const throughput = z.strictObject(throughputInputs).parse({});
const serving = z.strictObject(servingInputs).parse({
  pairs: "300:100,500:150,800:100,1000:150,2000:100",
  requestRate: "4,6,8",
  minutes: 0.1,
});

/** 300 metrics of cells. @param repeats how often each serving cell was measured */
export async function gpuNight(repeats: number): Promise<Run> {
  const clock = { ms: Date.UTC(2026, 10, 22, 2) };
  const cells = [
    ...startCells(1, clock),
    ...planSweep(sweep, "server").map((plan) => latencyCell(plan, ENGINE, clock)),
    ...plannedThroughput(throughput, "server").map(({ plan }) => seen(throughputCell(plan, ENGINE, clock), 1)),
    ...(await servingCells(serving)).map((cell) => seen(repeatedCell(cell, repeats, clock), repeats)),
  ];
  const host = { ...sampleRun.host, gpuCount: GPUS.length, gpus: GPUS, driver: "575.57.08", cuda: "12.9" };
  const { trigger } = sampleRun;
  const parts = { cells, engines: [RECORD], trigger, host, suffix: "7f3a9c2e", options: { pricePerHour: 24 } };
  return Run.parse(assembleRun(parts));
}

function seen(cell: Cell, repeats: number): Cell {
  if (cell.status !== "measured") return cell;
  const telemetry = mergeTelemetry(Array.from({ length: repeats }, () => gpuTelemetry(180, noise)))!;
  return { ...cell, telemetry };
}

function repeatedCell({ plan, ...rest }: ServingCell, repeats: number, { ms }: Clock): Cell {
  const each = Array.from({ length: repeats }, () => ({
    kind: "requests" as const,
    requests: recorded(serveRequests(ENGINE, { plan, ...rest })),
  }));
  return {
    schema: "pitwall.cell/1",
    ...plan,
    params: { ...plan.params, ...(repeats > 1 ? { repeats } : {}) },
    client: { kind: "pitwall", version: "1.0.0" },
    startedAt: new Date(ms).toISOString(),
    finishedAt: ENDED,
    warmupSeconds: 2.123456,
    measuredSeconds: 180.123456,
    status: "measured",
    measurement: repeats > 1 ? { kind: "repeated", repeats: each } : each[0]!,
    health: mergeHealth(each.map(health)),
  };
}

/** As the load generator records them: late by a little, in microseconds. */
function recorded(samples: RequestSamples): RequestSamples {
  const late = { ...samples, scheduledMs: samples.scheduledMs.map((ms) => ms - Math.abs(noise() - 1)) };
  const whole = (_: string, value: unknown) => (typeof value === "number" ? Math.round(value * 1000) / 1000 : value);
  return JSON.parse(JSON.stringify(late, whole));
}

const health = (): ClientHealth => ({
  threads: 1,
  cpuSeconds: 1.2345678 * noise(),
  eventLoopUtilization: 0.1234567 * noise(),
  eventLoopDelayP99Ms: 1.2345678 * noise(),
  sendDelayP99Ms: 0.2345678 * noise(),
  gcMs: 12.345678 * noise(),
  achievedRateRatio: 0.9987654 * noise(),
  eventsPerRead: 1.0234567 * noise(),
});

const RECORD: EngineRecord = {
  schema: "pitwall.engine/1",
  kind: "vllm",
  baseUrl: "http://127.0.0.1:8000",
  model: "meta-llama/Llama-3.1-70B-Instruct",
  modelPath: "meta-llama/Llama-3.1-70B-Instruct",
  version: "0.32.0",
  maxModelLen: 8192,
  dtype: "bfloat16",
  args: ["--tensor-parallel-size", "8", "--max-model-len", "8192", "--gpu-memory-utilization", "0.92"],
  command: [],
  pid: null,
  processStart: null,
  secondsToReady: 83.123456,
  startPhases: {
    weightsSeconds: 21.31,
    modelSeconds: 23.4,
    compileSeconds: 20.5,
    graphCaptureSeconds: 14,
    initSeconds: 44.1,
  },
  startedAt: "2026-11-22T01:59:00.123Z",
  logFile: null,
};
