import { STATUSES, type Status } from "../grade/status.ts";
import { CONTROLS } from "./asked.ts";
import type { Evaluated, Graded } from "./graded.ts";

/** Counts of one candidate, over some of the instances that were asked for: what ended otherwise, or not at all, is in it. */
export interface Tally {
  /** A group of versions, a category, or “all”. */
  name: string;
  asked: number;
  /** Those whose controls hold; as many as asked where there were none. */
  valid: number;
  /** How many of the valid ones. */
  resolved: number;
  /** Resolved, and no test of the run failed. */
  passing: number;
  /** How all that were asked for ended; they add up. */
  statuses: Record<Status, number>;
}

export interface CandidateSummary {
  candidate: string;
  model: string;
  all: Tally;
  groups: readonly Tally[];
  categories: readonly Tally[];
}

export interface Summary {
  /** Those that are no control; the controls themselves where nothing else was run. */
  candidates: readonly CandidateSummary[];
  /** Instances that say nothing here, and why. */
  notValid: readonly { id: string; why: string }[];
}

export function summaryOf(evaluated: Evaluated): Summary {
  const { asked, validity } = evaluated;
  const models = asked.candidates.filter(({ name }) => !CONTROLS.includes(name));
  const shown = models.length > 0 ? models : asked.candidates.slice(0, 1);
  return {
    candidates: shown.map(({ name, model }) => candidateSummary(name, model, evaluated)),
    notValid: [...(validity ?? [])].flatMap(([id, one]) => (one.isValid ? [] : [{ id, why: one.why }])),
  };
}

/** Results of the candidates that are summed. */
export const shownResults = ({ results }: Evaluated, { candidates }: Summary): Graded[] =>
  results.filter(({ candidate }) => candidates.some((one) => one.candidate === candidate));

function candidateSummary(candidate: string, model: string, { results, validity }: Evaluated): CandidateSummary {
  const own = results.filter((one) => one.candidate === candidate);
  const isValid = ({ instance }: Graded) => validity?.get(instance.id)?.isValid ?? true;
  const by = (key: (one: Graded) => string) =>
    [...Map.groupBy(own, key)]
      .toSorted(([a], [b]) => a.localeCompare(b, "en", { numeric: true }))
      .map(([name, part]) => tallyOf(name, part, isValid));
  return {
    ...{ candidate, model, all: tallyOf("all", own, isValid) },
    groups: by(({ instance }) => instance.group),
    categories: by(({ instance }) => instance.category ?? "other"),
  };
}

function tallyOf(name: string, results: readonly Graded[], isValid: (one: Graded) => boolean): Tally {
  const valid = results.filter(isValid);
  return {
    ...{ name, asked: results.length, valid: valid.length },
    resolved: valid.filter(({ grade }) => grade.status === "resolved").length,
    passing: results.filter(isPassing).length,
    statuses: Object.fromEntries(
      STATUSES.map((status) => [status, results.filter(({ grade }) => grade.status === status).length]),
    ) as Record<Status, number>,
  };
}

/** Whether every test of the run after the patch passed, and those that had to were among them. */
function isPassing({ grade, phases }: Graded): boolean {
  if (grade.status !== "resolved" || phases === undefined) return false;
  const { failures, errors } = phases.after.counts;
  return failures + errors === 0;
}

export const percent = (part: number, of: number) => (of === 0 ? "–" : `${((100 * part) / of).toFixed(1)}%`);

/** The two lines with which infra-gym's own script ends: over all that was asked for. */
export const seedLines = ({ asked, passing }: Tally): string[] => [
  `Total instances evaluated: ${asked}`,
  `All tests passing: ${passing}/${asked} (${percent(passing, asked)})`,
];
