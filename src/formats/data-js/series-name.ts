import { UserError } from "../../errors.ts";
import { CELL_ID, type CellParams } from "../../result/document/cell.ts";
import type { RunCell } from "../../result/document/run.ts";
import { METRICS, type MetricName, type Metrics } from "../../result/metrics/metric.ts";
import { okCell } from "../imported-run.ts";
import { servingMetrics } from "../vllm/keys.ts";

/** A number and the place in a run document that its name says. */
export interface NamedNumber {
  cell: string;
  metric: MetricName;
  /** `value` for a metric that is one number. */
  statistic: string;
  value: number;
}

/**
 * What `seriesName` makes: `latency-sweep/in_512_out_128_bs_1 latency_s.p50`; vLLM's own keys (`mean_ttft_ms`) are
 * understood in the place of ours.
 * @throws UserError for any other name
 */
export function parseSeriesName(name: string, place: string): Omit<NamedNumber, "value"> {
  const [, cell = "", key] = /^(\S+) (\S+)$/.exec(name) ?? [];
  if (CELL_ID.test(cell) && key !== undefined) {
    const [, metric, statistic = "value"] = /^([a-z0-9_]+?)(?:\.(count|mean|std|p[\d.]+))?$/.exec(key) ?? [];
    if (metric !== undefined && Object.hasOwn(METRICS, metric))
      return { cell, metric: metric as MetricName, statistic };
    const [found] = Object.entries(knownByVllm(key));
    if (found !== undefined) return { cell, ...found[1] } as Omit<NamedNumber, "value">;
  }
  throw new UserError(
    `${place}: “${name}” is not the name of a series; write BENCHMARK/CELL METRIC.STATISTIC, as in ` +
      "serve-benchmark/in_300_out_100_rate_12.5 ttft_ms.p99",
  );
}

function knownByVllm(key: string): Record<string, { metric: string; statistic: string }> {
  try {
    const [[metric, value]] = Object.entries(servingMetrics({ [key]: 1 }, "")) as [[string, number | object]];
    const statistic = typeof value === "number" ? "value" : Object.keys(value)[0]!;
    return { [key]: { metric, statistic } };
  } catch {
    return {};
  }
}

/** Numbers as cells; params of a cell are those of `paramsOf`, else what its name says. @throws UserError */
export function cellsOfNumbers(
  numbers: readonly NamedNumber[],
  place: string,
  paramsOf: (cell: string) => CellParams = paramsInName,
): RunCell[] {
  return [...Map.groupBy(numbers, ({ cell }) => cell)].map(([id, group]) => {
    const benchmark = id.slice(0, id.indexOf("/")) as RunCell["benchmark"];
    return okCell({ id, benchmark, params: paramsOf(id), metrics: metricsOf(group, place) }, place);
  });
}

function metricsOf(numbers: readonly NamedNumber[], place: string): Metrics {
  const metrics: Record<string, number | Record<string, number>> = {};
  for (const { cell, metric, statistic, value } of numbers) {
    const isScalar = METRICS[metric].kind === "scalar";
    if (isScalar !== (statistic === "value")) throw new UserError(`${place}: ${metric} has no “${statistic}”`);
    if (!isScalar) metrics[metric] ??= {};
    const target = isScalar ? metrics : (metrics[metric] as Record<string, number>);
    const key = isScalar ? metric : statistic;
    if (target[key] !== undefined) throw new UserError(`${place}: ${cell} has two values for ${metric} ${statistic}`);
    target[key] = value;
  }
  return metrics as Metrics;
}

const PARTS: { [word: string]: string } = {
  in: "inputLen",
  out: "outputLen",
  range: "rangeRatio",
  prefix: "sharedPrefix",
  bs: "batchSize",
  rate: "requestRate",
  burstiness: "burstiness",
  concurrency: "concurrency",
  max: "maxConcurrency",
};

/**
 * `in_300_out_100_rate_12.5` → its lengths and its rate. A number that may be one of two (`8k`, `1_024`) is left to the
 * name.
 */
function paramsInName(id: string): CellParams {
  const words = id.slice(id.indexOf("/") + 1).split("_");
  const params: CellParams = {};
  for (const [index, word] of words.entries()) {
    const [value, next] = [words[index + 1], words[index + 2]];
    if (word === "chat" && index === words.length - 1) params.endpoint = "chat";
    if (word === "constant") params.burstiness = "inf";
    if (value === undefined || !isNumber(value)) continue;
    if (word === "ramp" && next !== undefined && isNumber(next)) {
      Object.assign(params, { rampFrom: Number(value), rampTo: Number(next) });
    }
    const isGrouped = /^\d{1,3}$/.test(value) && next !== undefined && /^\d{3}$/.test(next);
    if (Object.hasOwn(PARTS, word) && !isGrouped) params[PARTS[word]!] = value === "inf" ? "inf" : Number(value);
  }
  return params;
}

const isNumber = (text: string) => /^(?:\d+(?:\.\d+)?|inf)$/.test(text);
