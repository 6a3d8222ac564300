import type { Run, RunCell } from "../../result/document/run.ts";
import { argumentsChange } from "../../result/series/engine-arguments.ts";
import { fingerprint } from "../../result/series/fingerprint.ts";
import { contextKey, contextOf, type SeriesContext } from "../../result/series/series.ts";
import { type AcceptedChange, acceptedFor } from "../../verdict/accepted.ts";
import { keyWithoutArguments } from "../../verdict/new-arguments.ts";

/** All runs that may be compared with each other, oldest first; never empty. */
export interface History {
  /** Stable name for URLs and anchors. */
  slug: string;
  context: SeriesContext;
  runs: Run[];
  /** Changes of its numbers that persons accepted. */
  accepted: AcceptedChange[];
  /** The next series that differs in nothing but the engine arguments, where this one ended when that began. */
  continuedBy?: { slug: string; since: string; change: string };
}

/**
 * Runs by context: real hardware before simulated, then the context that was measured last.
 * @param runs oldest first
 */
export function histories(runs: readonly Run[], accepted: readonly AcceptedChange[] = []): History[] {
  const groups = Map.groupBy(runs, (run) => contextKey(contextOf(run)));
  const slugs = new Set<string>();
  const all = [...groups].map(([key, group]): History => {
    const context = contextOf(group[0]!);
    const slug = slugFor(context, key, slugs);
    slugs.add(slug);
    return { slug, context, runs: group, accepted: acceptedFor(group[0]!, accepted) };
  });
  return all
    .map((history) => ({ ...history, ...continuation(history, all) }))
    .toSorted((a, b) => Number(a.context.simulated) - Number(b.context.simulated) || newestStart(b) - newestStart(a));
}

/** Among series that differ in their engine arguments only, the oldest keeps the address that it had when those did not count. */
function slugFor(context: SeriesContext, key: string, taken: ReadonlySet<string>): string {
  const plain = slugOf(context.model, keyWithoutArguments(context));
  return taken.has(plain) ? slugOf(context.model, key) : plain;
}

function continuation({ context, runs }: History, all: readonly History[]): Pick<History, "continuedBy"> {
  const end = runs.at(-1)!;
  const next = all
    .filter((other) => keyWithoutArguments(other.context) === keyWithoutArguments(context))
    .filter((other) => other.context.engineArguments !== context.engineArguments)
    .flatMap(({ slug, context, runs }) => {
      const first = runs.find(({ startedAt, trigger }) => startedAt > end.startedAt && trigger.ref === end.trigger.ref);
      return first === undefined ? [] : [{ slug, context, since: first.startedAt }];
    })
    .toSorted((a, b) => (a.since < b.since ? -1 : 1))[0];
  if (next === undefined) return {};
  const change = argumentsChange(context.engineArguments ?? "", next.context.engineArguments ?? "");
  return { continuedBy: { slug: next.slug, since: next.since, change } };
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
    ...(context.engineArguments === undefined ? [] : [context.engineArguments]),
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
