import type { Run } from "../result/document/run.ts";
import { contextKey, contextOf } from "../result/series/series.ts";
import type { AcceptedChange } from "./accepted.ts";
import { judgeRun, type Past, type SeriesVerdict } from "./judge-run.ts";

/**
 * What accepting would settle: numbers of the newest run of each context and ref that had left their level, and would not
 * have any more.
 * @param changes as they would be accepted
 */
export function settledBy(past: Past, changes: readonly AcceptedChange[]): SeriesVerdict[] {
  const accepted = [...past.accepted, ...changes];
  const newest = changes.map(({ from }) => newestLike(from, past.runs));
  return [...new Set(newest)].flatMap((run) => {
    if (run === undefined) return [];
    const after = judgeRun(run, { ...past, accepted }, run.trigger.ref).series;
    const before = judgeRun(run, past, run.trigger.ref).series;
    return before.filter(({ standing }, place) => isMoved(standing) && !isMoved(after[place]!.standing));
  });
}

const isMoved = ({ kind }: SeriesVerdict["standing"]) => kind === "suspected" || kind === "changed";

function newestLike(from: AcceptedChange["from"], runs: readonly Run[]): Run | undefined {
  const context = contextKey(contextOf(from));
  return runs.findLast((run) => run.trigger.ref === from.trigger.ref && contextKey(contextOf(run)) === context);
}
