import type { Answer } from "../model/case.ts";
import type { CaseResult } from "../model/result.ts";

/** A result as vllm_cibench's scripts read it. */
interface SeedResult {
  id: string;
  ok: boolean;
  error: string | null;
  payload: unknown;
  skipped?: true;
  missing_capabilities?: string[];
}
export interface SeedReport {
  summary: { total: number; passed: number; failed: number; skipped: number };
  results: SeedResult[];
}

/** The report of each endpoint of which there are cases, in the seed's form. @param answers of each case that conforms, by its id */
export function seedReports(
  results: readonly CaseResult[],
  answers: ReadonlyMap<string, readonly Answer[]>,
): Record<string, SeedReport> {
  const groups = Map.groupBy(results, ({ endpoint }) => endpoint);
  return Object.fromEntries([...groups].map(([name, own]) => [name, seedReport(own, answers)]));
}

/** The same of all results together, as a scenario's run has it. */
export function seedReport(
  results: readonly CaseResult[],
  answers: ReadonlyMap<string, readonly Answer[]>,
): SeedReport {
  const all = results.map((result) => seedResult(result, answers.get(result.id)));
  const passed = all.filter(({ ok }) => ok).length;
  const skipped = all.filter((one) => one.skipped).length;
  return { summary: { total: all.length, passed, failed: all.length - passed - skipped, skipped }, results: all };
}

function seedResult(
  { id, outcome, reason, path, missing = [] }: CaseResult,
  answers: readonly Answer[] = [],
): SeedResult {
  if (outcome === "unsupported") {
    return { id, ok: false, skipped: true, error: null, payload: null, missing_capabilities: missing };
  }
  if (outcome === "conforms") return { id, ok: true, error: null, payload: payloadOf(answers.at(-1)) };
  return { id, ok: false, error: [path, reason].filter((one) => one !== undefined).join(": "), payload: null };
}

function payloadOf(answer: Answer | undefined): unknown {
  if (answer === undefined) return null;
  try {
    return JSON.parse(answer.text);
  } catch {
    return answer.text;
  }
}
