import type { ServingCell } from "../../src/load/strategy/serving-cell.ts";
import type { Cell, Measurement } from "../../src/result/document/cell.ts";
import type { CellPlan } from "../../src/result/document/cell-plan.ts";
import { sum } from "../../src/result/metrics/distribution.ts";
import { crashTraceback } from "../../src/simulator/faults/test-aids.ts";
import { noiseFactors } from "../../src/simulator/timing/step-time.ts";
import { planStarts } from "../../src/verbs/startup-benchmark/startup-benchmark.ts";
import { fakeStart } from "./starts.ts";
import { batchLatency, cutOff, serveRequests, type VirtualEngine } from "./virtual-engine.ts";

const CLIENT = { kind: "pitwall", version: "0.1.0" };

export interface Clock {
  ms: number;
}

function timed(clock: Clock, warmupSeconds: number, measuredSeconds: number) {
  const startedAt = new Date(Math.round(clock.ms)).toISOString();
  clock.ms += (warmupSeconds + measuredSeconds) * 1000;
  return { startedAt, finishedAt: new Date(Math.round(clock.ms)).toISOString(), warmupSeconds, measuredSeconds };
}

const identityOf = (plan: CellPlan) => ({ schema: "pitwall.cell/1" as const, ...plan, client: CLIENT });

export function latencyCell(plan: CellPlan, engine: VirtualEngine, clock: Clock): Cell {
  const [batchSize, inputLen, outputLen] = [plan.params.batchSize, plan.params.inputLen, plan.params.outputLen].map(
    Number,
  ) as [number, number, number];
  const batch = { batchSize, inputLen, outputLen };
  const latenciesS = Array.from({ length: Number(plan.params.iterations) }, () => batchLatency(engine, batch));
  const seconds = sum(latenciesS);
  const lengths = (length: number) => Array.from({ length: batch.batchSize }, () => length);
  const measurement: Measurement = {
    kind: "iterations",
    latenciesS,
    inputTokens: lengths(inputLen),
    outputTokens: lengths(outputLen),
  };
  const times = timed(clock, Number(plan.params.warmup) * latenciesS[0]!, seconds);
  return { ...identityOf(plan), ...times, status: "measured", measurement };
}

export function startCells(night: number, clock: Clock): Cell[] {
  const noise = noiseFactors(0.02, 2000 + night);
  return planStarts({ engine: "simulated", coldStarts: 3, warmStarts: 3 }).map((plan) => {
    const { cache, iterations } = plan.params;
    const starts = Array.from({ length: iterations }, () => fakeStart(cache, noise()));
    const seconds = starts.reduce((sum, { readySeconds }) => sum + readySeconds, 0);
    const filling = cache === "warm" ? fakeStart("cold", noise()).readySeconds : 0;
    return {
      ...identityOf(plan),
      ...timed(clock, filling, seconds),
      status: "measured",
      measurement: { kind: "starts", starts },
    };
  });
}

export function throughputCell(plan: CellPlan, engine: VirtualEngine, clock: Clock): Cell {
  const [numPrompts, inputLen, outputLen] = [plan.params.numPrompts, plan.params.inputLen, plan.params.outputLen].map(
    Number,
  ) as [number, number, number];
  const durationS = batchLatency(engine, { batchSize: numPrompts, inputLen, outputLen });
  const each = (tokens: number) => Array.from({ length: numPrompts }, () => tokens);
  const measurement: Measurement = {
    kind: "batch",
    durationS,
    inputTokens: each(inputLen),
    outputTokens: each(outputLen),
  };
  return { ...identityOf(plan), ...timed(clock, 2, durationS), status: "measured", measurement };
}

export function servingCell(cell: ServingCell, engine: VirtualEngine, clock: Clock): Cell {
  const requests = serveRequests(engine, cell);
  const times = timed(clock, 2, requests.durationS);
  return { ...identityOf(cell.plan), ...times, status: "measured", measurement: { kind: "requests", requests } };
}

export function crashedCell(cell: ServingCell, engine: VirtualEngine, clock: Clock): Cell {
  const completed = 20;
  const requests = cutOff(serveRequests(engine, cell), completed);
  return {
    ...identityOf(cell.plan),
    ...timed(clock, 2, requests.durationS),
    status: "failed",
    reason: "engine_crashed",
    detail: "the engine ended with exit code 1",
    logTail: crashTraceback(completed).trimEnd(),
    measurement: { kind: "requests", requests },
  };
}

export function cancelledCell(plan: CellPlan): Cell {
  return { ...identityOf(plan), status: "skipped", reason: "cancelled", detail: "cancelled before this was measured" };
}
