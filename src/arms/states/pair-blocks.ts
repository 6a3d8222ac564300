import type { MetricName } from "../../result/metrics/metric.ts";
import { headline } from "../../result/series/series.ts";
import type { PairBlock, Timed } from "../statistics/pair-block.ts";
import type { ArmRecord, Measured } from "./arm-record.ts";

/** Numbers of two arms, block by block. */
export interface Paired {
  /** In their order. */
  blocks: PairBlock[];
  /** Blocks that were measured and are left out, because both lack the metric in them. */
  without: number;
  /**
   * That one lacks it where the other has it. Then nothing can be compared: answers that have no such number are not like
   * those that have one, and what is left would be a choice of them.
   */
  uneven?: string;
}

/** Both numbers of one arm in one block, each absent where the measurement has none; undefined: it was not measured whole. */
type Twice = [Timed | undefined, Timed | undefined];

/** The blocks in which the cell of both was measured twice, by what they have of the metric. */
export function pairBlocks(base: ArmRecord, arm: ArmRecord, cell: string, metric: MetricName): Paired {
  const ofArm = Map.groupBy(arm.measured, ({ block }) => block);
  const both = [...Map.groupBy(base.measured, ({ block }) => block)].flatMap(([block, measured]) => {
    const [one, other] = [measured, ofArm.get(block) ?? []].map((some) => twiceOf(some, cell, metric));
    return one === undefined || other === undefined ? [] : [{ base: one, arm: other }];
  });
  const blocks = both.flatMap(({ base: own, arm: other }) =>
    isWhole(own) && isWhole(other) ? [{ base: own, arm: other }] : [],
  );
  const without = both.filter((one) => !isWhole(one.base) && !isWhole(one.arm)).length;
  if (blocks.length + without === both.length) return { blocks, without };
  const lacking = (who: keyof PairBlock) =>
    both.flatMap((one) => one[who]).filter((number) => number === undefined).length;
  const uneven =
    `${arm.arm.name} has no ${metric} in ${lacking("arm")} of ${2 * both.length} measurements, ` +
    `${base.arm.name} in ${lacking("base")}: the rest would be a choice of them`;
  return { blocks, without, uneven };
}

function twiceOf(measured: readonly Measured[], cell: string, metric: MetricName): Twice | undefined {
  const numbers = measured.flatMap(({ at, run }) => {
    const found = run.cells.find(({ id }) => id === cell);
    if (found?.status !== "ok") return [];
    const value = headline(found.metrics, metric);
    // A ratio to nothing is none.
    return [value === undefined || value <= 0 ? undefined : { at, value }];
  });
  return numbers.length === 2 ? (numbers as Twice) : undefined;
}

const isWhole = (twice: Twice): twice is [Timed, Timed] => twice.every((number) => number !== undefined);
