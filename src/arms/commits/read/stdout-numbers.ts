/*
 * What vLLM's benchmarks print at their end, of every version: the fallback where a result file has no numbers of its own.
 * A number of requests and one of tokens are never taken for each other: each has its whole line.
 */

/** Names of numbers as result files have them, see spellings.ts. */
export type Numbers = Readonly<Record<string, number>>;

const TIMES = (["Mean", "Median", "P99"] as const).flatMap((statistic) =>
  (["TTFT", "TPOT", "ITL", "E2EL"] as const).map((metric): [string, string] => [
    `${statistic} ${metric} (ms)`,
    `${statistic.toLowerCase()}_${metric.toLowerCase()}_ms`,
  ]),
);
/** A serving benchmark's lines by their words. */
const SERVING: Readonly<Record<string, string>> = {
  "Successful requests": "successful_requests",
  "Benchmark duration (s)": "benchmark_duration_s",
  "Total input tokens": "total_input_tokens",
  "Total generated tokens": "total_generated_tokens",
  "Request throughput (req/s)": "request_throughput_req_s",
  "Output token throughput (tok/s)": "output_token_throughput_tok_s",
  "Total Token throughput (tok/s)": "total_token_throughput_tok_s",
  "Total token throughput (tok/s)": "total_token_throughput_tok_s",
  ...Object.fromEntries(TIMES),
};
const LATENCY = { "Avg latency": "latency_avg_s" };

const LINE = /^([^:\n]{1,60}): {1,60}([0-9][0-9.]{0,30})/gm;
const RATES =
  /^Throughput: ([0-9.]{1,30}) requests\/s, ([0-9.]{1,30}) (?:total )?tokens\/s(?:, ([0-9.]{1,30}) output tokens\/s)?/gm;
/** The bar of the offline engine, which prefix caching's script has for its only result. */
const BAR = /est\. speed input: [0-9.]{1,30} toks\/s, output: ([0-9.]{1,30}) toks\/s/g;

/** The numbers that a benchmark printed, by the first form that is found; of each the last, for others are of warm-up. */
export function numbersPrinted(printed: string): Numbers {
  const lines = [...printed.matchAll(LINE)].map(([, words, value]) => [words!, Number(value)] as const);
  const forms = [named(lines, SERVING), named(lines, LATENCY), rates(printed), bar(printed)];
  return forms.find((numbers) => Object.keys(numbers).length > 0) ?? {};
}

const named = (lines: readonly (readonly [string, number])[], names: Readonly<Record<string, string>>): Numbers =>
  Object.fromEntries(lines.flatMap(([words, value]) => (Object.hasOwn(names, words) ? [[names[words]!, value]] : [])));

/** The offline benchmark's: tokens of prompts and answers together, whatever the version calls them. */
function rates(printed: string): Numbers {
  const [, requests, total, output] = [...printed.matchAll(RATES)].at(-1) ?? [];
  if (requests === undefined) return {};
  return {
    ...{ request_throughput_req_s: Number(requests), total_token_throughput_tok_s: Number(total) },
    ...(output === undefined ? {} : { output_token_throughput_tok_s: Number(output) }),
  };
}

function bar(printed: string): Numbers {
  const last = [...printed.matchAll(BAR)].at(-1);
  return last === undefined ? {} : { output_token_throughput_tok_s: Number(last[1]) };
}
