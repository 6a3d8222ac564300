import { UsageError } from "../../errors.ts";
import type { Strategy } from "../../load/strategy/serving-cell.ts";
import type { Slo } from "../../result/document/slo.ts";
import type { Objective } from "../../result/measure/objective.ts";
import { METRIC_NAMES, type MetricName } from "../../result/metrics/metric.ts";
import type { Load } from "../../workload/load-plan.ts";
import type { ServingInputs } from "./inputs.ts";
import { closedLoop, type LoadChoice, rateLoad } from "./loads.ts";

/** How far a search may go from where it starts, up and down. */
const RANGE = 1024;
const MOST_PROBES = 24;
const FEWEST_REPEATS = 3;

/** @throws UsageError when what is asked for does not fit together */
export function strategyOf(inputs: ServingInputs, load: Load): Strategy {
  const { repeats, untilCi, maxRepeats, find } = inputs;
  if (repeats > 1 && untilCi !== undefined) {
    throw new UsageError("give --repeats or --until-ci, not both; the most repeats of --until-ci are --max-repeats");
  }
  if (find !== undefined) return searchOf(inputs, load, find);
  if (objectivesOf(inputs).length > 0) {
    throw new UsageError(
      `--slo ${objectivesOf(inputs)[0]!.text} is a limit of a whole cell and goes with --find; for the goodput write a limit of a request, like ttft_ms<500`,
    );
  }
  if (untilCi !== undefined) {
    const plan = { target: untilCi, least: FEWEST_REPEATS, most: maxRepeats };
    return { kind: "until-ci", plan, metric: metricOf(inputs) };
  }
  return repeats > 1 ? { kind: "repeat", times: repeats } : { kind: "once" };
}

/** Fewer requests than are open at once would not warm the batch that is measured. */
export function warmupFor({ warmupRequests }: ServingInputs, { load }: Pick<LoadChoice, "load">): number {
  return warmupRequests ?? Math.max(10, load.kind === "closed-loop" ? load.concurrency : 0);
}

export function slosOf({ slo = [] }: ServingInputs): Slo[] {
  return slo.flatMap((target) => (target.kind === "slo" ? [target.slo] : []));
}

export function objectivesOf({ slo = [] }: ServingInputs): Objective[] {
  return slo.flatMap((target) => (target.kind === "objective" ? [target.objective] : []));
}

/** A search needs a load to start from; a concurrency is one that anybody can name. */
export function withStartOfSearch(inputs: ServingInputs): ServingInputs {
  const { find, concurrency, requestRate } = inputs;
  if (find !== "max-concurrency" || concurrency !== undefined || requestRate !== undefined) return inputs;
  return { ...inputs, concurrency: [8] };
}

function searchOf(inputs: ServingInputs, load: Load, find: "max-rate" | "max-concurrency"): Strategy {
  const { repeats, untilCi, findTolerance: tolerance, concurrency, requestRate } = inputs;
  const objectives = objectivesOf(inputs);
  if (objectives.length === 0) {
    const [slo] = slosOf(inputs);
    throw new UsageError(
      slo === undefined
        ? "--find needs --slo to say what must hold, for example --slo 'ttft_ms.p99<500'"
        : `--find needs --slo with a statistic, like ${slo.metric}.p99<${slo.limitMs}: ${slo.metric}<${slo.limitMs} is a limit of a single request`,
    );
  }
  if (repeats > 1 || untilCi !== undefined)
    throw new UsageError("--find measures each level once; leave out --repeats and --until-ci");
  if ((concurrency ?? requestRate ?? [1]).length > 1)
    throw new UsageError("--find starts from one level; give a single one");
  const integers = find === "max-concurrency";
  if (inputs.numPrompts !== undefined) {
    throw new UsageError(
      integers
        ? "--find max-concurrency needs more requests at a higher level; leave out --num-prompts (10 × concurrency), or give --duration"
        : "--find max-rate needs more requests at a higher level; leave out --num-prompts, and say how long with --minutes",
    );
  }
  const start = startOf(load, find);
  const min = integers ? 1 : start / RANGE;
  return {
    kind: "find",
    find,
    plan: { integers, start, min, max: start * RANGE, tolerance, mostProbes: MOST_PROBES },
    objectives,
    loadAt(level) {
      const choice = integers ? closedLoop(inputs, level) : rateLoad(inputs, level);
      return { load: choice.load, bound: choice.bound, warmupRequests: warmupFor(inputs, choice) };
    },
  };
}

function startOf(load: Load, find: "max-rate" | "max-concurrency"): number {
  if (find === "max-concurrency") {
    if (load.kind === "closed-loop") return load.concurrency;
    throw new UsageError("--find max-concurrency goes with --concurrency, the level to start from");
  }
  const rate =
    load.kind === "open-loop" && load.arrivals.kind === "rate" ? load.arrivals.requestRate : Number.POSITIVE_INFINITY;
  if (Number.isFinite(rate)) return rate;
  throw new UsageError("--find max-rate goes with a --request-rate, the level to start from, or with none");
}

function metricOf({ ciMetric }: ServingInputs): MetricName {
  const name = METRIC_NAMES.find((one) => one === ciMetric);
  if (name !== undefined) return name;
  throw new UsageError(`--ci-metric: unknown metric “${ciMetric}”; known are ${METRIC_NAMES.join(", ")}`);
}
