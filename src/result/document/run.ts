import { z } from "zod";
import { Metrics } from "../metrics/metric.ts";
import { Repeats } from "../metrics/repeats.ts";
import { StartPhases } from "../metrics/start-phases.ts";
import { BENCHMARKS, CELL_ID, CellParams, CHECKS, ClientHealth, PartOutcomes } from "./cell.ts";
import { ENGINE_KINDS, Shrunk } from "./engine-record.ts";
import { GpuFacts } from "./gpu-facts.ts";
import { Reason } from "./reason.ts";
import { Search } from "./search.ts";
import { Slo } from "./slo.ts";
import { SteadyState } from "./steady-state.ts";
import { Telemetry } from "./telemetry.ts";

const count = z.int().nonnegative();
const Commit = z.string().regex(/^[0-9a-f]{40}$/);
const Client = z.strictObject({ kind: z.string(), version: z.string() });
const cellIdentity = {
  id: z.string().regex(CELL_ID),
  benchmark: z.enum([...BENCHMARKS, ...CHECKS, "evaluate", "compare"]),
  params: CellParams,
  client: Client.optional().meta({ description: "Who measured this cell, where it is not the run's client." }),
};

export const RunCell = z.discriminatedUnion("status", [
  z.strictObject({
    ...cellIdentity,
    status: z.literal("ok"),
    metrics: Metrics,
    health: ClientHealth.optional(),
    steady: SteadyState.optional(),
    repeats: Repeats.optional(),
    telemetry: Telemetry.optional(),
    search: Search.optional(),
    slos: z.array(Slo).optional(),
    outcomes: PartOutcomes.optional().meta({
      description: "Of a check's parts (cases, samples), in a word each: at least of those that did not come out well.",
    }),
  }),
  z.strictObject({
    ...cellIdentity,
    status: z.literal("failed"),
    reason: Reason,
    detail: z.string(),
    logTail: z.string().optional(),
    logTailOf: z.string().optional().meta({ description: "Cell that keeps the same log, which is stored once." }),
    completed: count.optional(),
    failed: count.optional(),
    search: Search.optional().meta({ description: "What a search tried that found no level." }),
  }),
  z.strictObject({ ...cellIdentity, status: z.literal("skipped"), reason: Reason, detail: z.string() }),
]);
export type RunCell = z.infer<typeof RunCell>;

/** Where the seconds of a run went. Overhead is everything that is not engine start, warm-up or measuring. */
export const TimeAccount = z.strictObject({
  engineStartSeconds: z.number().nonnegative(),
  warmupSeconds: z.number().nonnegative(),
  measuredSeconds: z.number().nonnegative(),
  overheadSeconds: z.number().nonnegative(),
});
export type TimeAccount = z.infer<typeof TimeAccount>;

/** `2026-11-22T06:45:01.123Z` → `20261122T064501Z`, as ids begin. */
export function compactMoment(iso: string): string {
  return `${iso.slice(0, 19).replaceAll(/[-:]/g, "")}Z`;
}

export const RUN_ID = /^\d{8}T\d{6}Z-[0-9a-f]{8}$/;

/** The run document: one JSON file a run, written once, never changed. */
export const Run = z.strictObject({
  schema: z.literal("pitwall.run/1"),
  id: z.string().regex(RUN_ID).meta({ description: "UTC start time and eight hex digits; sorts by time." }),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  outcome: z.enum(["ok", "failed", "cancelled"]),
  trigger: z.strictObject({
    repository: z.string().nullable(),
    commit: Commit.nullable().meta({ description: "What was measured: the commit that was checked out, or named." }),
    ref: z.string().nullable(),
    subject: z.string().nullable(),
    runUrl: z.url().nullable(),
    attempt: z.int().positive(),
    job: z.string().nullable(),
    modified: z.literal(true).optional().meta({ description: "Tracked files differed from the commit." }),
    workflowCommit: Commit.optional().meta({
      description: "Commit of the workflow (GITHUB_SHA), where another one was measured.",
    }),
    workflowRef: z
      .string()
      .optional()
      .meta({ description: "Ref of the workflow (GITHUB_REF), where the measured commit is of another one." }),
    sourceRepository: z.url().nullable().optional().meta({
      description: "Web address of the measured commit's repository, where it is another one; null when not known.",
    }),
  }),
  engine: z.strictObject({
    kind: z.enum([...ENGINE_KINDS, "tests"]).meta({ description: "tests: none ran, but the engine's own tests did." }),
    version: z.string().nullable(),
    image: z.string().nullable(),
    imageDigest: z.string().nullable(),
    args: z.array(z.string()),
    shrunk: Shrunk.optional(),
    secondsToReady: z.number().nonnegative().nullable(),
    startPhases: StartPhases.optional().meta({ description: "Where those seconds went, as the engine's log tells." }),
  }),
  model: z.strictObject({
    name: z.string(),
    revision: z.string().nullable(),
    dtype: z.string().nullable(),
    quantization: z.string().nullable(),
    tensorParallel: z.int().positive(),
  }),
  host: z.strictObject({
    label: z.string(),
    gpu: z.string().nullable(),
    gpuCount: count.nullable().meta({ description: "0: none; null: nobody knows which GPUs it has." }),
    gpus: z.array(GpuFacts).optional().meta({ description: "Each of the GPUs counted; absent when no tool tells." }),
    driver: z.string().nullable(),
    cuda: z.string().nullable(),
    cpu: z.string().nullable(),
    cores: count.nullable(),
  }),
  client: Client,
  configuration: z
    .string()
    .min(1)
    .optional()
    .meta({ description: "Engine settings that no other field tells; runs with another one are another series." }),
  simulated: z.boolean(),
  scenario: z
    .strictObject({ id: z.string().min(1), runType: z.enum(["pr", "daily"]), good: z.boolean() })
    .optional()
    .meta({ description: "The scenario that was run, on what occasion, and whether all of its stages were good." }),
  time: TimeAccount.optional(),
  source: z
    .strictObject({
      format: z.string(),
      file: z.string(),
      tool: z.string().optional().meta({ description: "Who wrote the file, where its format does not say that." }),
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .optional()
        .meta({ description: "Of the file's text." }),
      note: z.string().optional(),
    })
    .optional()
    .meta({ description: "Set on imported documents: where the numbers came from." }),
  renamed: z
    .array(
      z.strictObject({
        what: z.string(),
        from: z.string().meta({ description: "As the document was published." }),
        to: z.string(),
        why: z.string(),
        by: z.string(),
        at: z.iso.datetime(),
      }),
    )
    .optional()
    .meta({
      description: "Set by readers: names that records of the data branch changed. Never in a stored document.",
    }),
  cells: z.array(RunCell),
});
export type Run = z.infer<typeof Run>;

/** A run document without its cells. */
export type RunHead = Omit<Run, "cells">;
