import type { Metrics } from "../../../result/metrics/metric.ts";
import { present } from "../../../result/present.ts";
import type { Settings } from "../arm-result.ts";
import type { Numbers } from "./stdout-numbers.ts";

type Values = Readonly<Record<string, unknown>>;

export interface Told {
  file: Values;
  metrics: Metrics;
  printed: string;
  numbers: Numbers;
}

const BENCHMARKS = ["serving", "latency", "throughput", "prefix_caching"];

/** What a file tells of how an arm was measured, in its fields, its command or what was printed. */
export function settingsOf({ file, metrics, printed, numbers }: Told): Settings {
  const parameters = (file.parameters ?? {}) as Values;
  const command = typeof file.benchmark_command === "string" ? file.benchmark_command : "";
  const own = { ...numbers, ...(file.metrics as Values | undefined), ...file };
  return present({
    model: textOf(file.model),
    benchmark: benchmarkOf(file, metrics),
    dataset: textOf(file.dataset) ?? textOf(parameters.dataset_name),
    requests: numberOf(own.successful_requests) ?? numberOf(own.num_prompts) ?? numberOf(parameters.num_prompts),
    inputTokens: numberOf(own.total_input_tokens),
    outputTokens: numberOf(own.total_generated_tokens),
    requestRate: rateOf(
      parameters.request_rate ??
        file.request_rate ??
        /--request-rate[ =](\S{1,40})/.exec(command)?.[1] ??
        /^Traffic request rate: (\S{1,40})/m.exec(printed)?.[1],
    ),
    maxConcurrency: numberOf(parameters.max_concurrency),
    maxModelLen: numberOf(parameters.max_model_len) ?? numberOf(file.max_model_len),
  });
}

/** Files that call an arm their type say it by their metrics. */
function benchmarkOf({ benchmark_type }: Values, metrics: Metrics): string | undefined {
  if (typeof benchmark_type === "string" && BENCHMARKS.includes(benchmark_type)) return benchmark_type;
  if (metrics.ttft_ms !== undefined) return "serving";
  return metrics.latency_s === undefined ? undefined : "latency";
}

const textOf = (value: unknown) => (typeof value === "string" && value.trim() !== "" ? value.trim() : undefined);
const numberOf = (value: unknown) => (typeof value === "number" && value > 0 ? value : undefined);

function rateOf(value: unknown): number | undefined {
  const number = value === "inf" ? Number.POSITIVE_INFINITY : Number(value);
  return number > 0 ? number : undefined;
}
