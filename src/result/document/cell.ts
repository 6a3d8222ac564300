import { z } from "zod";
import { Metrics } from "../metrics/metric.ts";
import { StartPhases } from "../metrics/start-phases.ts";
import { Reason } from "./reason.ts";
import { Search } from "./search.ts";
import { Slo } from "./slo.ts";
import { Takes } from "./takes.ts";
import { Telemetry } from "./telemetry.ts";

export const BENCHMARKS = ["startup-benchmark", "latency-sweep", "throughput-benchmark", "serve-benchmark"] as const;

/** Checks of what a served model answers, whose numbers are counts and no times. */
export const CHECKS = ["check-functional", "check-accuracy"] as const;

/** What was asked of the engine. Every key is part of the series' identity. */
export const CellParams = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
export type CellParams = z.infer<typeof CellParams>;

/** What came of each part of a check that has a name, in a word: of a case, of a sample. */
export const PartOutcomes = z.record(z.string(), z.string());
export type PartOutcomes = z.infer<typeof PartOutcomes>;

const count = z.int().nonnegative();
const milliseconds = z.number();

/** Requests as columns, one entry a request in schedule order; times in ms since the start of the schedule. */
export const RequestSamples = z.strictObject({
  durationS: z.number().positive(),
  scheduledMs: z.array(milliseconds),
  sentMs: z.array(milliseconds.nullable()).meta({ description: "null: never sent." }),
  firstTokenMs: z.array(milliseconds.nullable()),
  lastTokenMs: z.array(milliseconds.nullable()),
  endMs: z.array(milliseconds.nullable()).meta({ description: "When the answer was whole; null: it never was." }),
  gapsMs: z.array(z.array(milliseconds)).meta({ description: "Gaps between consecutive token events." }),
  chunkTokens: z
    .array(z.array(count))
    .optional()
    .meta({ description: "Tokens of each token event; absent when the engine did not tell, or when all are 1." }),
  askedInputTokens: z
    .array(count.nullable())
    .meta({ description: "null: the prompt is text, whose tokens only the engine counts." }),
  askedOutputTokens: z.array(count),
  inputTokens: z.array(count).meta({ description: "As the engine counted them." }),
  outputTokens: z.array(count).meta({ description: "As the engine counted them." }),
  finishReasons: z.array(z.string().nullable()),
  errors: z.array(z.string().nullable()).meta({ description: "`class: message`; null for a request that ended well." }),
});
export type RequestSamples = z.infer<typeof RequestSamples>;

const SingleMeasurement = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("iterations"),
    latenciesS: z.array(z.number().nonnegative()),
    inputTokens: z.array(count).meta({ description: "Of each sequence of the last iteration." }),
    outputTokens: z.array(count).meta({ description: "Of each sequence of the last iteration." }),
  }),
  z.strictObject({ kind: z.literal("requests"), requests: RequestSamples }),
  z.strictObject({
    kind: z.literal("batch"),
    durationS: z.number().positive().meta({ description: "From handing over all requests to the last answer." }),
    inputTokens: z.array(count).meta({ description: "Of each request." }),
    outputTokens: z.array(count).meta({ description: "Of each request, all its sequences together." }),
  }),
  z.strictObject({
    kind: z.literal("starts"),
    starts: z.array(z.strictObject({ readySeconds: z.number().nonnegative(), phases: StartPhases.optional() })),
  }),
  z.strictObject({
    kind: z.literal("reported"),
    tool: z.string(),
    metrics: Metrics,
    inputTokens: count,
    outputTokens: count,
  }),
  z.strictObject({
    kind: z.literal("checked"),
    metrics: Metrics,
    outcomes: PartOutcomes.meta({ description: "Of the parts that did not come out as they should, at least." }),
  }),
]);
export type SingleMeasurement = z.infer<typeof SingleMeasurement>;

/**
 * What came out of the clock: samples where the tool gives them, another tool's own summary where it doesn't, or
 * several of either when the cell was measured several times.
 */
export const Measurement = z.discriminatedUnion("kind", [
  ...SingleMeasurement.options,
  z.strictObject({ kind: z.literal("repeated"), repeats: z.array(SingleMeasurement).min(1) }),
]);
export type Measurement = z.infer<typeof Measurement>;

/** The load generator's own state during a cell; says whether the client or the engine set the numbers. */
export const ClientHealth = z.strictObject({
  threads: z.int().positive().optional().meta({ description: "Worker threads that sent the requests." }),
  cpuSeconds: z.number(),
  eventLoopUtilization: z.number().meta({ description: "Of the busiest thread." }),
  eventLoopDelayP99Ms: milliseconds,
  sendDelayP99Ms: milliseconds.meta({ description: "How late requests went out that had a moment and a free slot." }),
  gcMs: milliseconds.optional().meta({ description: "Time in garbage collection, all threads together." }),
  achievedRateRatio: z
    .number()
    .optional()
    .meta({ description: "Rate sent ÷ rate asked for; absent in a closed loop, and when sending took less than 5 s." }),
  eventsPerRead: z
    .number()
    .optional()
    .meta({ description: "Token events a read from a socket; above 1 their times bunch." }),
  resentRequests: z.int().positive().optional().meta({
    description:
      "Requests sent twice, because the server had closed the connection that was kept for them; absent: none.",
  }),
  limitedBy: z
    .array(z.string())
    .optional()
    .meta({ description: "Thresholds that were passed, a sentence each; any makes the cell client_limited." }),
});
export type ClientHealth = z.infer<typeof ClientHealth>;

/** `latency-sweep/in_8_out_4_bs_1`: the benchmark, and what tells its cells apart. */
export const CELL_ID = /^[a-z0-9-]+\/[A-Za-z0-9._-]+$/;

const identity = {
  schema: z.literal("pitwall.cell/1"),
  id: z.string().regex(CELL_ID),
  benchmark: z.enum([...BENCHMARKS, ...CHECKS]),
  params: CellParams,
  client: z.strictObject({ kind: z.string(), version: z.string() }),
  takes: Takes.optional().meta({ description: "What the server takes of a request; absent where nobody asked." }),
};
const seen = {
  telemetry: Telemetry.optional(),
  search: Search.optional().meta({ description: "The probes, when the cell is the result of a search." }),
  slos: z.array(Slo).optional().meta({ description: "Limits of a single request, for the goodput." }),
};
const clock = {
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  warmupSeconds: z.number().nonnegative(),
  measuredSeconds: z.number().nonnegative(),
};

/** `<out>/cells/<cell id>.json`: one measured cell, or the classified failure. */
export const Cell = z.discriminatedUnion("status", [
  z.strictObject({
    ...identity,
    ...clock,
    ...seen,
    status: z.literal("measured"),
    measurement: Measurement,
    health: ClientHealth.optional(),
  }),
  z.strictObject({
    ...identity,
    ...clock,
    ...seen,
    status: z.literal("failed"),
    reason: Reason,
    detail: z.string(),
    logTail: z.string().optional(),
    measurement: Measurement.optional().meta({ description: "What was measured before the failure." }),
  }),
  z.strictObject({ ...identity, status: z.literal("skipped"), reason: Reason, detail: z.string() }),
]);
export type Cell = z.infer<typeof Cell>;
