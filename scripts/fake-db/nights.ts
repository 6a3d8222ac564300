import { createHash } from "node:crypto";
import { z } from "zod";
import type { ServingCell } from "../../src/load/strategy/serving-cell.ts";
import { assembleRun } from "../../src/result/assemble/assemble.ts";
import type { EngineRecord } from "../../src/result/document/engine-record.ts";
import { Run } from "../../src/result/document/run.ts";
import { PRESETS } from "../../src/simulator/timing/presets.ts";
import { noiseFactors } from "../../src/simulator/timing/step-time.ts";
import { servingInputs } from "../../src/verbs/serve-benchmark/inputs.ts";
import { servingCells } from "../../src/verbs/serve-benchmark/plan.ts";
import { latencyInputs, planSweep } from "../../src/verbs/sweep/plan.ts";
import { plannedThroughput, throughputInputs } from "../../src/verbs/sweep/throughput-plan.ts";
import { cancelledCell, crashedCell, latencyCell, servingCell, startCells, throughputCell } from "./cells.ts";
import { fakeStart, START_DELAY } from "./starts.ts";
import type { VirtualEngine } from "./virtual-engine.ts";

/*
 * Twenty nightly runs of the simulated engine, as `pitwall run` would have measured them. One lost its engine, one was
 * cancelled, and since the last four a step costs more. The last eight measure the engine's start and its throughput, too.
 */

const NIGHTS = 20;
const CRASHED = 8;
const CANCELLED = 13;
const SLOWER_SINCE = 16;
const SLOWER_OVERHEAD = 1.3;
const MORE_BENCHMARKS_SINCE = 12;
const FIRST_NIGHT = Date.UTC(2026, 9, 26, 2, 0, 0);
const DAY_MS = 86_400_000;

const SUBJECTS = [
  "Update the tokenizer",
  "Read requests without copying them",
  "Say which request was too long",
  "Count cached tokens by block",
  "Tidy the sampler's tests",
];
const SLOWER_SUBJECT = "Check every sampled token twice";

const ENGINE_ARGS = [
  "--model",
  "sim/h100-8b",
  "--noise",
  "0.02",
  "--start-delay",
  String(START_DELAY),
  "--compile-cache",
];
/** Its own start finds what the night before compiled. */
const OWN_START = fakeStart("warm", 1);
const GPU = "simulated H100";
const HOST: Run["host"] = {
  label: "sim-1",
  gpu: GPU,
  gpuCount: 1,
  gpus: [{ name: GPU, memoryMib: 81_559, powerLimitW: 700, maxClockMhz: 1980, mig: false }],
  driver: null,
  cuda: null,
  cpu: "simulated",
  cores: 2,
};

const sweep = z.strictObject(latencyInputs).parse({ warmup: 3, iterations: 10 });
const throughputPlans = plannedThroughput(z.strictObject(throughputInputs).parse({}), "server").map(({ plan }) => plan);
const serving = z.strictObject(servingInputs).parse({ minutes: 0.5 });

export async function fakeNights(): Promise<Run[]> {
  const planned = await servingCells(serving);
  return Array.from({ length: NIGHTS }, (_, night) => fakeNight(night, planned));
}

function fakeNight(night: number, planned: readonly ServingCell[]): Run {
  const startedAt = FIRST_NIGHT + night * DAY_MS;
  const engine = engineOf(night);
  const clock = { ms: startedAt };
  const starts = night < MORE_BENCHMARKS_SINCE ? [] : startCells(night, clock);
  const serverAt = clock.ms;
  clock.ms += OWN_START.readySeconds * 1000;
  const cells = [
    ...starts,
    ...planSweep(sweep, "server").map((plan) => latencyCell(plan, engine, clock)),
    ...(night < MORE_BENCHMARKS_SINCE ? [] : throughputPlans).map((plan) =>
      throughputCell(plan, { ...engine, noise: noiseFactors(0.02, 3000 + night) }, clock),
    ),
    ...planned.map((cell, index, all) => {
      if (night === CANCELLED && index >= 2) return cancelledCell(cell.plan);
      if (night === CRASHED && index === all.length - 1) return crashedCell(cell, engine, clock);
      return servingCell(cell, engine, clock);
    }),
  ];
  const suffix = createHash("sha256").update(`night ${night}`).digest("hex").slice(0, 8);
  const parts = { cells, engines: [engineRecord(serverAt)], trigger: triggerOf(night), host: HOST, suffix };
  return Run.parse(assembleRun({ ...parts, options: {} }));
}

/** No two nights are quite alike: the whole engine is a little faster or slower, by 0.6 % in standard deviation. */
function engineOf(night: number): VirtualEngine {
  const tonight = noiseFactors(0.006, 1000 + night)();
  const timing = Object.entries(PRESETS["h100-8b"].timing).map(([name, ms]) => [name, ms * tonight] as const);
  const scaled = Object.fromEntries(timing) as unknown as VirtualEngine["timing"];
  if (night >= SLOWER_SINCE) scaled.overhead *= SLOWER_OVERHEAD;
  return { timing: scaled, noise: noiseFactors(0.02, night) };
}

function triggerOf(night: number): Run["trigger"] {
  return {
    repository: "example/engine",
    commit: createHash("sha256").update(`commit ${night}`).digest("hex").slice(0, 40),
    ref: "refs/heads/main",
    subject: night === SLOWER_SINCE ? SLOWER_SUBJECT : SUBJECTS[night % SUBJECTS.length]!,
    runUrl: `https://example.org/runs/${1001 + night}`,
    attempt: 1,
    job: "benchmark",
  };
}

function engineRecord(startedAt: number): EngineRecord {
  return {
    schema: "pitwall.engine/1",
    kind: "simulated",
    baseUrl: "http://127.0.0.1:8000",
    model: "sim/h100-8b",
    modelPath: "sim/h100-8b",
    version: "0.1.0-simulated",
    maxModelLen: 4096,
    dtype: null,
    args: ENGINE_ARGS,
    command: [],
    pid: null,
    processStart: null,
    secondsToReady: OWN_START.readySeconds,
    startPhases: OWN_START.phases,
    startedAt: new Date(startedAt).toISOString(),
    logFile: null,
  };
}
