import { z } from "zod";
import { Metrics } from "./metric.ts";
import { Reason } from "./reason.ts";

export const BENCHMARKS = ["latency-sweep", "serve-benchmark"] as const;

/** What was asked of the engine. Every key is part of the series' identity. */
export const CellParams = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
export type CellParams = z.infer<typeof CellParams>;

const count = z.int().nonnegative();
const milliseconds = z.number();

/** Requests as columns, one entry a request in schedule order; times in ms since the start of the schedule. */
export const RequestSamples = z.strictObject({
  durationS: z.number().positive(),
  scheduledMs: z.array(milliseconds),
  sentMs: z.array(milliseconds.nullable()).meta({ description: "null: never sent." }),
  firstTokenMs: z.array(milliseconds.nullable()),
  lastTokenMs: z.array(milliseconds.nullable()),
  gapsMs: z.array(z.array(milliseconds)).meta({ description: "Gaps between consecutive token events." }),
  inputTokens: z.array(count).meta({ description: "As the engine counted them." }),
  outputTokens: z.array(count).meta({ description: "As the engine counted them." }),
  errors: z.array(z.string().nullable()).meta({ description: "`class: message`; null for a request that ended well." }),
});
export type RequestSamples = z.infer<typeof RequestSamples>;

/** What came out of the clock: samples where the tool gives them, another tool's own summary where it doesn't. */
export const Measurement = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("iterations"),
    latenciesS: z.array(z.number().nonnegative()),
    inputTokens: z.array(count).meta({ description: "Of each sequence of the last iteration." }),
    outputTokens: z.array(count).meta({ description: "Of each sequence of the last iteration." }),
  }),
  z.strictObject({ kind: z.literal("requests"), requests: RequestSamples }),
  z.strictObject({
    kind: z.literal("reported"),
    tool: z.string(),
    metrics: Metrics,
    inputTokens: count,
    outputTokens: count,
  }),
]);
export type Measurement = z.infer<typeof Measurement>;

/** The load generator's own state during a cell; says whether the client or the engine set the numbers. */
export const ClientHealth = z.strictObject({
  cpuSeconds: z.number(),
  eventLoopUtilization: z.number(),
  eventLoopDelayP99Ms: milliseconds,
  sendDelayP99Ms: milliseconds,
});
export type ClientHealth = z.infer<typeof ClientHealth>;

const identity = {
  schema: z.literal("pitwall.cell/1"),
  id: z.string().regex(/^[a-z0-9-]+\/[A-Za-z0-9._-]+$/),
  benchmark: z.enum(BENCHMARKS),
  params: CellParams,
  client: z.strictObject({ kind: z.string(), version: z.string() }),
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
    status: z.literal("measured"),
    measurement: Measurement,
    health: ClientHealth.optional(),
  }),
  z.strictObject({
    ...identity,
    ...clock,
    status: z.literal("failed"),
    reason: Reason,
    detail: z.string(),
    logTail: z.string().optional(),
    measurement: Measurement.optional().meta({ description: "What was measured before the failure." }),
  }),
  z.strictObject({ ...identity, status: z.literal("skipped"), reason: Reason, detail: z.string() }),
]);
export type Cell = z.infer<typeof Cell>;
