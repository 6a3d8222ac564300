import type { Run } from "../../result/document/run.ts";
import type { FunctionalReport } from "./report.ts";

/** How a case came out in one run. */
interface Point {
  run: string;
  word: string;
}

/** Runs before this one that are looked at: enough to see one that flaps, few enough to be today's server. */
const LOOKED_AT = 20;

/**
 * What the history says of each case that does not simply conform: since which run it deviates, or that it comes and goes.
 * @param runs of the data branch; those of this suite, model and kind of engine are looked at, the last 20
 */
export function pastOfCases(report: FunctionalReport, runs: readonly Run[]): Map<string, string> {
  const past = pastRuns(report, runs);
  const told = report.results.filter(({ outcome, flaky }) => outcome === "deviates" || flaky);
  return new Map(
    told.map(({ id, flaky }) => [id, past.length === 0 ? "no run before" : pastText(pointsOf(id, past), flaky)]),
  );
}

interface PastRun {
  id: string;
  outcomes: Readonly<Record<string, string>>;
}

function pastRuns({ suite, model, simulated, startedAt }: FunctionalReport, runs: readonly Run[]): PastRun[] {
  const own = runs.filter(
    (run) => run.model.name === model && run.simulated === simulated && run.startedAt < startedAt,
  );
  return own
    .toSorted((a, b) => a.startedAt.localeCompare(b.startedAt))
    .flatMap(({ id, cells }) => {
      const cell = cells.find((one) => one.benchmark === "check-functional" && one.params.suite === suite);
      return cell?.status === "ok" ? [{ id, outcomes: cell.outcomes ?? {} }] : [];
    })
    .slice(-LOOKED_AT);
}

const pointsOf = (id: string, past: readonly PastRun[]): Point[] =>
  past.map((run) => ({ run: run.id, word: run.outcomes[id] ?? "conforms" }));

/** One sentence of what came before. */
function pastText(points: readonly Point[], isFlaky = false): string {
  const bad = points.filter(({ word }) => word === "deviates").length;
  const shaky = points.filter(({ word }) => word === "flaky").length;
  const since = points.slice(points.findLastIndex(({ word }) => word !== "deviates") + 1);
  const [first] = since;
  if (!isFlaky && first !== undefined && since.length === bad && shaky === 0) {
    return since.length === points.length
      ? `deviates in ${bad === 1 ? "the only run" : `all ${bad} runs`} looked at`
      : `deviates since ${first.run}, ${bad + 1} runs`;
  }
  if (bad + shaky === 0) return isFlaky ? "the first time" : `deviates now, conformed in ${runsBefore(points)}`;
  return `comes and goes: ${bad} of ${runsBefore(points)} deviated, ${shaky} were flaky`;
}

const runsBefore = ({ length }: readonly Point[]) => (length === 1 ? "1 run before" : `${length} runs before`);
