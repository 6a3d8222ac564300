import { UserError } from "../../errors.ts";
import type { Run, RunCell } from "../../result/document/run.ts";
import type { Distribution } from "../../result/metrics/distribution.ts";
import type { MetricName } from "../../result/metrics/metric.ts";
import { contextKey, contextOf } from "../../result/series/series.ts";
import { originalTimestamp } from "../imported-run.ts";

/*
 * The files that seed-import.ts reads, from run documents: imported ones come out as they went in, with the spelling of
 * their times. These formats tell neither host nor model, so numbers of two of them are never mixed.
 */

type OkCell = Extract<RunCell, { status: "ok" }>;
interface Place {
  timestamp: string;
  cell: OkCell;
}

/** `data.json`: batch latencies in seconds. @throws UserError when the runs cannot be told apart in it */
export function exportLatencies(runs: readonly Run[]): string {
  const places = placesOf(runs, ({ benchmark, params }) => benchmark === "latency-sweep" && isNumber(params.batchSize));
  const points = [...Map.groupBy(places, ({ timestamp }) => timestamp)].map(([timestamp, group]) => {
    const results = group.map(({ cell }) => {
      const { mean, p50, p90, p99 } = cell.metrics.latency_s ?? {};
      return { batch_size: cell.params.batchSize, avg_latency: mean, p50, p90, p99 };
    });
    checkDistinct(timestamp, results, ({ batch_size }) => `batch size ${batch_size}`);
    return { timestamp, results };
  });
  return asFile(points);
}

/** `e2e_benchmark_data.json`: serving metrics at request rates, by pair of lengths. @throws UserError as above */
export function exportServing(runs: readonly Run[]): string {
  const places = placesOf(
    runs,
    ({ benchmark, params }) =>
      benchmark === "serve-benchmark" && [params.inputLen, params.outputLen, params.requestRate].every(isNumber),
  );
  const pairs = Map.groupBy(places, ({ cell }) => `${cell.params.inputLen}_${cell.params.outputLen}`);
  const file = [...pairs].map(([pair, group]) => {
    const { inputLen, outputLen } = group[0]!.cell.params;
    const history = group.map(({ timestamp, cell }) => ({ timestamp, ...servingKeys(cell) }));
    checkDistinct(pair, history, ({ timestamp }) => timestamp);
    const lengths = { input_len: inputLen, output_len: outputLen, total_tokens: Number(inputLen) + Number(outputLen) };
    return [pair, { ...lengths, history }];
  });
  return asFile(Object.fromEntries(file));
}

/** `max_concurrency_benchmark_data.json`: one point a level of concurrency. @throws UserError as above */
export function exportConcurrency(runs: readonly Run[]): string {
  const places = placesOf(
    runs,
    ({ benchmark, params }) => benchmark === "serve-benchmark" && isNumber(params.concurrency),
  );
  const points = places.map(({ timestamp, cell: { params, metrics } }) => ({
    timestamp,
    max_concurrency: params.concurrency,
    total_token_throughput: metrics.total_token_throughput_tok_s,
    tokens_per_sec_user: metrics.tokens_per_s_user,
    mean_tpot_ms: metrics.tpot_ms?.mean,
    mean_ttft_ms: metrics.ttft_ms?.mean,
    cost_per_million_toks: metrics.cost_per_million_tokens,
  }));
  checkDistinct("the file", points, (point) => `${point.timestamp}, concurrency ${point.max_concurrency}`);
  return asFile(points);
}

const isNumber = (value: unknown) => typeof value === "number";

/** As Python's json.dump with an indent of 2, which wrote the files. */
const asFile = (value: unknown) => JSON.stringify(value, null, 2);

function placesOf(runs: readonly Run[], isWanted: (cell: OkCell) => boolean): Place[] {
  const found = runs
    .map((run) => ({ run, cells: run.cells.filter((cell): cell is OkCell => cell.status === "ok" && isWanted(cell)) }))
    .filter(({ cells }) => cells.length > 0);
  const contexts = new Set(found.map(({ run }) => contextKey(contextOf(run))));
  if (contexts.size > 1) {
    throw new UserError(
      `the numbers come from ${contexts.size} combinations of host, model and engine, which this format does not tell: ` +
        "choose one with --host, --ref, --since and --until",
    );
  }
  return found.flatMap(({ run, cells }) => cells.map((cell) => ({ timestamp: originalTimestamp(run), cell })));
}

function checkDistinct<T>(place: string, points: readonly T[], name: (point: T) => string): void {
  const names = points.map(name);
  const twice = names.find((one, index) => names.indexOf(one) < index);
  if (twice === undefined) return;
  throw new UserError(`${place} would hold ${twice} twice: this format does not tell the other parameters of a cell`);
}

const LATENCIES = ["ttft", "tpot", "itl"] as const;
const STATISTICS = ["mean", "median", "std", "p25", "p50", "p75", "p90", "p99", "p99.9"] as const;

function servingKeys({ metrics }: OkCell): Record<string, number | undefined> {
  const latencies = LATENCIES.flatMap((latency) => {
    const distribution = (metrics[`${latency}_ms` satisfies MetricName] ?? {}) as Distribution;
    return STATISTICS.map((statistic) => [
      `${statistic}_${latency}_ms`,
      distribution[statistic === "median" ? "p50" : statistic],
    ]);
  });
  return {
    total_token_throughput: metrics.total_token_throughput_tok_s,
    request_throughput: metrics.request_throughput_req_s,
    output_throughput: metrics.output_throughput_tok_s,
    ...Object.fromEntries(latencies),
  };
}
