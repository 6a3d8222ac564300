import type { Comparison } from "../../comparison.ts";
import type { ArmResult } from "../arm-result.ts";
import { differencesBetween } from "./comparable.ts";
import { type Difference, differenceOf } from "./difference.ts";

/** The row of a metric, or the first that there is. */
export const rowOf = (rows: readonly Comparison[], metric: string | undefined): Comparison | undefined =>
  rows.find((one) => one.metric === metric) ?? rows[0];

/** The human beside the baseline; undefined where they were not measured alike, so that nothing can be said. */
export function humanDifference(human: ArmResult | undefined, baseline: ArmResult | undefined): Difference | undefined {
  if (human?.end !== "measured" || baseline?.end !== "measured") return undefined;
  return differencesBetween(baseline, human).length > 0 ? undefined : differenceOf(baseline, human);
}

/**
 * Why a task says nothing on this machine: the human's own commit does not beat its baseline. Measured in blocks that takes an
 * interval beyond 1; of one run each, more than the margin.
 * @param margin as a share
 * @returns undefined where it does, or where it cannot be told
 */
export function whyNotValid(human: ArmResult, baseline: ArmResult | undefined, margin: number): string | undefined {
  const difference = humanDifference(human, baseline);
  const row = rowOf(human.besideBaseline ?? [], difference?.metric);
  if (row !== undefined) {
    return row.state === "wins" ? undefined : `the human's arm beside the baseline: ${row.state}${ratioText(row)}`;
  }
  if (difference === undefined || difference.speedUp > 1 + margin) return undefined;
  return `the human's arm is ${difference.speedUp.toFixed(3)} times as fast as the baseline`;
}

export const ratioText = ({ ratio, low, high }: Comparison): string =>
  ratio === undefined || low === undefined || high === undefined
    ? ""
    : `, ${ratio.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
