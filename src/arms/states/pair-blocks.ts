import type { MetricName } from "../../result/metrics/metric.ts";
import { headline } from "../../result/series/series.ts";
import type { PairBlock, Timed } from "../statistics/pair-block.ts";
import type { ArmRecord, Measured } from "./arm-record.ts";

/** The blocks in which both have two numbers of a cell's metric, in their order. */
export function pairBlocks(base: ArmRecord, arm: ArmRecord, cell: string, metric: MetricName): PairBlock[] {
  const ofArm = Map.groupBy(arm.measured, ({ block }) => block);
  return [...Map.groupBy(base.measured, ({ block }) => block)].flatMap(([block, measured]) => {
    const [one, other] = [measured, ofArm.get(block) ?? []].map((some) => pairOf(some, cell, metric));
    return one === undefined || other === undefined ? [] : [{ base: one, arm: other }];
  });
}

function pairOf(measured: readonly Measured[], cell: string, metric: MetricName): [Timed, Timed] | undefined {
  const timed = measured.flatMap(({ at, run }) => {
    const found = run.cells.find(({ id }) => id === cell);
    const value = found?.status === "ok" ? headline(found.metrics, metric) : undefined;
    // A ratio to nothing is none.
    return value === undefined || value <= 0 ? [] : [{ at, value }];
  });
  return timed.length === 2 ? [timed[0]!, timed[1]!] : undefined;
}
