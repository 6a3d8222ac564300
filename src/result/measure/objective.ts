import { closest } from "fastest-levenshtein";
import { UserError } from "../../errors.ts";
import { SLO_METRICS, type Slo } from "../document/slo.ts";
import { Distribution } from "../metrics/distribution.ts";
import { METRIC_NAMES, METRICS, type MetricName, type Metrics } from "../metrics/metric.ts";

type Statistic = keyof Distribution;
const STATISTICS = Object.keys(Distribution.shape) as Statistic[];

const COMPARISONS = {
  "<": (value: number, limit: number) => value < limit,
  "<=": (value: number, limit: number) => value <= limit,
  ">": (value: number, limit: number) => value > limit,
  ">=": (value: number, limit: number) => value >= limit,
} as const;

/** A limit of a whole cell: of one statistic of a distribution, or of a scalar. */
export interface Objective {
  /** As given, without spaces: `ttft_ms.p99<500`. */
  text: string;
  /** What the limit is set on: `ttft_ms.p99`. */
  key: string;
  metric: MetricName;
  statistic?: Statistic;
  comparison: keyof typeof COMPARISONS;
  limit: number;
}

/** What `--slo` can say: a limit of the cell, or of every single request. */
export type Target = { kind: "objective"; objective: Objective } | { kind: "slo"; slo: Slo };

const FORM = /^([A-Za-z0-9_]+)(?:\.([A-Za-z0-9.]+))?(<=|>=|<|>)(\d+(?:\.\d+)?)$/;

/**
 * Reads `ttft_ms.p99<500`, `tpot_ms.mean<=50` and `request_throughput_req_s>10` as objectives of the cell, and a latency
 * without a statistic, `ttft_ms<500`, as a limit of every request. Of a single request `<` and `<=` are one.
 * @throws UserError when it is neither, naming the nearest metric or statistic
 */
export function parseTarget(given: string): Target {
  const text = given.replaceAll(/\s/g, "");
  const match = FORM.exec(text);
  if (match === null) {
    throw new UserError(
      `“${given}” is no limit; write metric, statistic, comparison and number, as in ttft_ms.p99<500, tpot_ms.mean<=50, request_throughput_req_s>10, or ttft_ms<500 for every request`,
    );
  }
  const [, name, statisticName, comparison, number] = match as unknown as [
    string,
    string,
    string | undefined,
    Objective["comparison"],
    string,
  ];
  const metric = known(name, METRIC_NAMES, "metric", given);
  const limit = Number(number);
  if (METRICS[metric].kind === "scalar") {
    if (statisticName !== undefined) {
      throw new UserError(
        `“${given}”: ${metric} is one number, without statistics; write ${metric}${comparison}${number}`,
      );
    }
    return { kind: "objective", objective: { text, key: metric, metric, comparison, limit } };
  }
  if (statisticName === undefined) return { kind: "slo", slo: requestLimit(given, metric, comparison, limit) };
  const statistic = known(statisticName, STATISTICS, "statistic", given);
  const key = `${metric}.${statistic}`;
  return { kind: "objective", objective: { text, key, metric, statistic, comparison, limit } };
}

/** Values of the objectives in a cell's metrics, and which of them are missed; a value that is absent meets nothing. */
export function judgeObjectives(metrics: Metrics, objectives: readonly Objective[]) {
  const values: Record<string, number> = {};
  const missed: string[] = [];
  for (const { text, key, metric, statistic, comparison, limit } of objectives) {
    const found = metrics[metric];
    const value = typeof found === "object" ? statistic && found[statistic] : found;
    if (value !== undefined) values[key] = value;
    if (value === undefined || !COMPARISONS[comparison](value, limit)) missed.push(text);
  }
  return { meets: missed.length === 0, missed, values };
}

function requestLimit(given: string, metric: MetricName, comparison: string, limitMs: number): Slo {
  const latency = SLO_METRICS.find((name) => name === metric);
  if (latency === undefined) {
    throw new UserError(
      `“${given}” says no statistic, as in ${metric}.p99; a limit of every request can be set on ${SLO_METRICS.join(", ")}`,
    );
  }
  if (comparison.startsWith(">")) {
    throw new UserError(`“${given}”: a latency of a request is limited from above; write ${metric}<${limitMs}`);
  }
  if (limitMs === 0) throw new UserError(`“${given}”: no request takes 0 ms; give a limit above 0`);
  return { metric: latency, limitMs };
}

function known<Name extends string>(name: string, names: readonly Name[], what: string, given: string): Name {
  const found = names.find((one) => one === name);
  if (found !== undefined) return found;
  throw new UserError(
    `“${given}”: unknown ${what} “${name}”; did you mean “${closest(name, names as unknown as string[])}”? Known are ${names.join(", ")}`,
  );
}
