import type { CaseResult } from "../model/result.ts";
import type { FunctionalReport } from "./report.ts";

/** How a case changed from one report to another. */
export interface Change {
  id: string;
  kind: "deviates now" | "mended" | "new case" | "gone" | "other";
  from?: string;
  to?: string;
}

/** What changed from an earlier report to a later one, in the order of the later one's cases, those that are gone last. */
export function changesBetween(before: FunctionalReport, after: FunctionalReport): Change[] {
  const earlier = new Map(before.results.map((result) => [result.id, result]));
  const later = new Set(after.results.map(({ id }) => id));
  return [
    ...after.results.flatMap((result) => changeOf(earlier.get(result.id), result) ?? []),
    ...before.results
      .filter(({ id }) => !later.has(id))
      .map(({ id, outcome }) => ({ id, kind: "gone" as const, from: outcome })),
  ];
}

function changeOf(before: CaseResult | undefined, { id, outcome }: CaseResult): Change | undefined {
  if (before === undefined) return { id, kind: "new case", to: outcome };
  const from = before.outcome;
  if (from === outcome) return undefined;
  const kind =
    outcome === "deviates" ? "deviates now" : from === "deviates" && outcome === "conforms" ? "mended" : "other";
  return { id, kind, from, to: outcome };
}

/** One line of a change. */
export function changeText({ id, kind, from, to }: Change): string {
  const change = [from, to].filter((one) => one !== undefined).join(" → ");
  return `${kind === "other" ? "changed" : kind}: ${id} (${change})`;
}
