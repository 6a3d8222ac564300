import { percentile } from "../../src/result/metrics/distribution.ts";
import type { BenchCell } from "./cells.ts";
import { gapErrorsMs, summarizeErrors, tpotErrorsMs, ttftErrorsMs } from "./errors.ts";
import { type JoinedRequest, joinRequests } from "./join.ts";
import { cpuSecondsAt, peakRssBytes, type Sample } from "./measure-cpu.ts";
import type { Report } from "./peers/peer.ts";
import type { ToolRun } from "./run-tool.ts";
import { loadSpanMs, type TrueRequest, writeLatenessMs } from "./truth.ts";

/** What is measured of each run, with the name it has in the table. */
export const MEASURES = {
  ttftErrorMean: "TTFT error, mean (ms)",
  ttftErrorP50: "TTFT error, p50 (ms)",
  ttftErrorP99: "TTFT error, p99 (ms)",
  ttftErrorMax: "TTFT error, max (ms)",
  gapErrorMean: "ITL error, mean (ms)",
  gapErrorP50: "ITL error, p50 (ms)",
  gapErrorP99: "ITL error, p99 (ms)",
  gapErrorMax: "ITL error, max (ms)",
  tpotErrorMean: "TPOT error, mean (ms)",
  achievedRate: "Achieved ÷ planned rate",
  sendLatenessP50: "Send lateness, p50 (ms)",
  sendLatenessP99: "Send lateness, p99 (ms)",
  loadCpu: "CPU from the first request on (ms per 1,000 tokens)",
  totalCpu: "CPU in all (ms per 1,000 tokens)",
  startup: "Start-up to first request (s)",
  overhead: "Wall time beyond the load (s)",
  memory: "Peak memory (MB)",
  clientLimited: "Reasons to call itself the bottleneck",
  engineCores: "Engine: cores",
  engineLateness: "Engine: write lateness, p99 (ms)",
} as const;
export type MeasureName = keyof typeof MEASURES;
/** null: the tool does not keep what it takes. */
export type Measures = Record<MeasureName, number | null>;

interface Evidence {
  cell: BenchCell;
  report: Report;
  truth: readonly TrueRequest[];
  run: ToolRun;
  engineSamples: readonly Sample[];
}

/** @throws when report and truth do not belong together */
export function measuresOf({ cell, report, truth, run, engineSamples }: Evidence): Measures {
  const joined = joinRequests(report.requests, truth);
  const span = loadSpanMs(truth);
  const thousands = truth.reduce((sum, { writtenMs }) => sum + writtenMs.length, 0) / 1000;
  const engineCpu = cpuSecondsAt(engineSamples, span.endMs) - cpuSecondsAt(engineSamples, span.startMs);
  return {
    ...errorsOf(joined),
    ...sendingOf(cell, joined),
    loadCpu: ((run.cpuSeconds - cpuSecondsAt(run.samples, span.startMs)) * 1000) / thousands,
    totalCpu: (run.cpuSeconds * 1000) / thousands,
    startup: (span.startMs - run.startedMs) / 1000,
    overhead: (run.endedMs - run.startedMs - (span.endMs - span.startMs)) / 1000,
    memory: peakRssBytes(run.samples) / 1e6,
    clientLimited: report.limitedBy?.length ?? null,
    engineCores: (engineCpu * 1000) / (span.endMs - span.startMs),
    engineLateness: summarizeErrors(writeLatenessMs(truth))?.p99 ?? null,
  };
}

function errorsOf(joined: readonly JoinedRequest[]) {
  const ttft = summarizeErrors(ttftErrorsMs(joined));
  const gap = summarizeErrors(gapErrorsMs(joined) ?? []);
  return {
    ttftErrorMean: ttft?.mean ?? null,
    ttftErrorP50: ttft?.p50 ?? null,
    ttftErrorP99: ttft?.p99 ?? null,
    ttftErrorMax: ttft?.max ?? null,
    gapErrorMean: gap?.mean ?? null,
    gapErrorP50: gap?.p50 ?? null,
    gapErrorP99: gap?.p99 ?? null,
    gapErrorMax: gap?.max ?? null,
    tpotErrorMean: summarizeErrors(tpotErrorsMs(joined))?.mean ?? null,
  };
}

/** How punctually an open loop sent: a closed one has no plan but the answers. */
function sendingOf({ load }: BenchCell, joined: readonly JoinedRequest[]) {
  if (load.kind === "closed") return { achievedRate: null, sendLatenessP50: null, sendLatenessP99: null };
  const lateness = joined.flatMap(({ reported }) => reported.sendLatenessMs ?? []).sort((a, b) => a - b);
  const known = lateness.length === joined.length;
  return {
    achievedRate:
      plannedSpanMs(load.ratePerSecond, joined, known) / spanOf(joined.map(({ truth }) => truth.acceptedMs)),
    sendLatenessP50: known ? percentile(lateness, 50) : null,
    sendLatenessP99: known ? percentile(lateness, 99) : null,
  };
}

const spanOf = (moments: readonly number[]) => Math.max(...moments) - Math.min(...moments);

/** A tool that keeps its plan is held to it; of the others only the mean rate is known, and chance adds to it. */
function plannedSpanMs(ratePerSecond: number, joined: readonly JoinedRequest[], known: boolean): number {
  if (known) return spanOf(joined.map(({ reported }) => reported.startMs - reported.sendLatenessMs!));
  return ((joined.length - 1) * 1000) / ratePerSecond;
}
