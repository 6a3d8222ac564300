import { fingerprint } from "../result/fingerprint.ts";
import type { Run, RunCell } from "../result/run.ts";
import { contextKey, contextOf, type SeriesContext } from "../result/series.ts";
import { type AcceptedChange, acceptedFor } from "../verdict/accepted.ts";

/** All runs that may be compared with each other, oldest first; never empty. */
export interface History {
  /** Stable name for URLs and anchors. */
  slug: string;
  context: SeriesContext;
  runs: Run[];
  /** Changes of its numbers that persons accepted. */
  accepted: AcceptedChange[];
}

/**
 * Runs by context: real hardware before simulated, then the context that was measured last.
 * @param runs oldest first
 */
export function histories(runs: readonly Run[], accepted: readonly AcceptedChange[] = []): History[] {
  const groups = Map.groupBy(runs, (run) => contextKey(contextOf(run)));
  return [...groups]
    .map(([key, group]) => ({
      slug: slugOf(group[0]!.model.name, key),
      context: contextOf(group[0]!),
      runs: group,
      accepted: acceptedFor(group[0]!, accepted),
    }))
    .toSorted((a, b) => Number(a.context.simulated) - Number(b.context.simulated) || newestStart(b) - newestStart(a));
}

/** All that tells a context from others, the model aside; every difference shows. */
export function contextFacts(context: SeriesContext): string[] {
  return [
    context.engine,
    context.gpu,
    `host ${context.host}`,
    ...(context.quantization === null ? [] : [context.quantization]),
    ...(context.tensorParallel === 1 ? [] : [`tensor parallel ${context.tensorParallel}`]),
    `client ${context.client}`,
    ...(context.configuration === undefined ? [] : [context.configuration]),
  ];
}

export function contextName(context: SeriesContext): string {
  return [context.model, ...contextFacts(context), ...(context.simulated ? ["simulated"] : [])].join(" · ");
}

/** The part of a history that measured one benchmark, or undefined when no run of it did. */
export function benchmarkHistory(history: History, benchmark: RunCell["benchmark"]): History | undefined {
  const runs = history.runs.filter((run) => run.cells.some((cell) => cell.benchmark === benchmark));
  return runs.length === 0 ? undefined : { ...history, runs };
}

function newestStart({ runs }: History): number {
  return Date.parse(runs.at(-1)!.startedAt);
}

function slugOf(model: string, key: string): string {
  const name = model
    .split("/")
    .at(-1)!
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  return `${name || "model"}-${fingerprint(key)}`;
}
