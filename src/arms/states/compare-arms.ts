import { counted } from "../../result/counted.ts";
import type { CellPlan } from "../../result/document/cell-plan.ts";
import { METRICS, type MetricName } from "../../result/metrics/metric.ts";
import type { Comparison, ComparisonState } from "../comparison.ts";
import { type Decision, type Design, decide } from "../statistics/decide.ts";
import { type ArmRecord, blameOf } from "./arm-record.ts";
import { differenceOf } from "./differences.ts";
import { HEADLINE_METRICS } from "./headline-metrics.ts";
import { isLoadLimited } from "./load-limited.ts";
import { pairBlocks } from "./pair-blocks.ts";

/** Measured as output tokens a second, which a finite rate of requests sets where an engine keeps up with it. */
const RATE_BOUND: MetricName = "output_throughput_tok_s";
/** What throughput may be bought with. */
const PRICES: readonly MetricName[] = ["ttft_ms", "tpot_ms"];

/**
 * What every arm comes to beside the base, so far: a comparison for each cell and headline metric. Pure.
 * @param records the base's first @param plans cells that were to be measured
 */
export function compareArms(
  records: readonly ArmRecord[],
  plans: readonly Pick<CellPlan, "id" | "benchmark">[],
  design: Design,
): Comparison[] {
  const [base, ...arms] = records;
  return arms.flatMap((arm) => {
    const why = wholeFailure(base!, arm, records);
    const difference = why === undefined ? differenceOf(base!, arm) : undefined;
    return plans.flatMap(({ id, benchmark }) => {
      const metrics = HEADLINE_METRICS[benchmark] ?? [];
      const compared = metrics.map((metric) => {
        const place = { arm: arm.arm.name, cell: id, metric };
        if (why !== undefined) return { ...place, state: "arm_failed" as const, blocks: 0, detail: why };
        if (difference !== undefined)
          return { ...place, state: "invalid" as const, blocks: 0, detail: `not measured alike: ${difference}` };
        const told = compareCell(base!, arm, place, design);
        return told && { ...place, ...told };
      });
      const told = compared.filter((one) => one !== undefined);
      return told.map((one) => withPrice(one, told, design));
    });
  });
}

type Told = Omit<Comparison, "arm" | "cell" | "metric">;

/** @returns undefined for a metric that neither has of the cell, as time between tokens of answers of one */
function compareCell(
  base: ArmRecord,
  arm: ArmRecord,
  { cell, metric }: { cell: string; metric: MetricName },
  design: Design,
): Told | undefined {
  const gap = [arm, base].find(({ gaps }) => gaps.has(cell));
  const { blocks, without, uneven } = pairBlocks(base, arm, cell, metric);
  if (gap !== undefined) {
    const { reason, detail } = gap.gaps.get(cell)!;
    return { state: "arm_failed", blocks: blocks.length, detail: `${gap.arm.name}: ${reason}: ${detail}` };
  }
  if (uneven !== undefined) return { state: "arm_failed", blocks: blocks.length, detail: uneven };
  if (blocks.length === 0) {
    return without > 0 ? undefined : { state: "undecided", blocks: 0, detail: "no block has numbers of both" };
  }
  const decision = decide(blocks, design);
  const { ratio, low, high } = decision;
  // After few blocks nothing is known of the interval yet.
  const interval = Number.isFinite(high) ? { low, high } : {};
  const isLimited = metric === RATE_BOUND && isLoadLimited(base, cell) && isLoadLimited(arm, cell);
  const state = isLimited ? "load_limited" : stateOf(decision, metric);
  return { ratio, ...interval, state, blocks: blocks.length, ...leftOut(without, metric) };
}

function leftOut(without: number, metric: MetricName): Pick<Comparison, "blocksWithout" | "detail"> {
  if (without === 0) return {};
  return {
    blocksWithout: without,
    detail: `${counted(without, "block")} left out: neither has ${metric} in all of it`,
  };
}

function stateOf({ verdict }: Decision, metric: MetricName): ComparisonState {
  if (verdict === "undecided") return "undecided";
  if (verdict === "same") return "ties";
  return (verdict === "higher") === (METRICS[metric].better === "higher") ? "wins" : "loses";
}

/** A throughput that won at the price of a latency of the same cell. */
function withPrice(one: Comparison, ofCell: readonly Comparison[], { margin }: Design): Comparison {
  if (one.metric !== RATE_BOUND || one.state !== "wins") return one;
  const paid = ofCell.filter(
    ({ metric, state, ratio = 1 }) =>
      PRICES.includes(metric as MetricName) && state === "loses" && Math.abs(ratio - 1) > margin,
  );
  if (paid.length === 0) return one;
  const price = paid.map(({ metric, ratio }) => `${metric} × ${ratio!.toPrecision(4)}`).join(", ");
  const detail = [`at the price of ${price}`, ...(one.detail === undefined ? [] : [one.detail])].join("; ");
  return { ...one, state: "bought", detail };
}

function wholeFailure(base: ArmRecord, arm: ArmRecord, all: readonly ArmRecord[]): string | undefined {
  if (base.failure !== undefined) return `the base has no numbers: ${base.failure.reason}: ${base.failure.detail}`;
  if (arm.failure === undefined) return undefined;
  const { reason, detail } = arm.failure;
  const whose = blameOf(arm, all) === "patch" ? "the patch's failure" : "a failure of the environment, not of a patch";
  return `${reason}: ${detail} (${whose})`;
}

/** Whether more blocks could still tell something. */
export const isOpen = ({ state }: Comparison): boolean => state === "undecided";
