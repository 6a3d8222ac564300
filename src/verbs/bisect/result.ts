import type { Change } from "../../arms/bisect/changes.ts";
import { isVerified } from "../../arms/bisect/changes.ts";
import type { End } from "../../arms/bisect/next-step.ts";
import { resultSentence } from "../../report/bisect/bisect-summary.ts";
import type { Bisect, BisectResult, BisectStretch } from "../../result/document/bisect.ts";

/** The state with how its search ended. */
export function withEnd(state: Bisect, { kind, pair, changes, runnerUp }: End): Bisect {
  const result: BisectResult = {
    end: kind,
    ...(pair === null ? {} : { ratio: pair.ratio, low: pair.low, high: pair.high }),
    changes: changes.map(stretchOf),
    ...(runnerUp === null ? {} : { runnerUp: stretchOf(runnerUp) }),
    detail: "",
  };
  const { builds, metric } = state;
  return { ...state, result: { ...result, detail: resultSentence({ builds, metric, result }) } };
}

function stretchOf(change: Change): BisectStretch {
  const { stretch, probability, ratio, beside } = change;
  const { from, to } = stretch;
  // Rounding of sums.
  const bounded = Math.min(1, Math.max(0, probability));
  const measured = beside === null ? { ratio } : { ratio: beside.ratio, low: beside.low, high: beside.high };
  return { from, to, probability: bounded, ...measured, verified: isVerified(change) };
}
