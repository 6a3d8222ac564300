import type { Engine } from "../engine/engine.ts";
import type { Histogram } from "../engine/histogram.ts";
import { BLOCK_TOKENS } from "../engine/prefix-hash.ts";

interface Sample {
  labels?: Record<string, string>;
  value: number;
}

interface Metric {
  name: string;
  help: string;
  type: "counter" | "gauge" | "histogram";
  /** Lines of the metric; a histogram's have a suffix to its name. */
  samples: (Sample & { suffix?: string })[];
}

interface CacheConfig {
  kvCacheTokens: number;
  prefixCaching: boolean;
}

/** `/metrics` with vLLM's names and labels, so that whoever reads vLLM's reads ours. */
export function metricsText(model: string, engine: Engine, config: CacheConfig): string {
  const text = engineMetrics(engine, config).map(({ name, help, type, samples }) => {
    const lines = samples.map(({ labels = {}, value, suffix = "" }) => {
      const all = Object.entries({ engine: "0", ...labels, model_name: model });
      return `${name}${suffix}{${all.map(([key, text]) => `${key}="${escapeLabel(text)}"`).join(",")}} ${asFloat(value)}`;
    });
    return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("\n")}\n`;
  });
  return text.join("");
}

function engineMetrics(engine: Engine, config: CacheConfig): Metric[] {
  const stats = engine.stats();
  return [
    gauge("num_requests_running", "Simulated sequences in the batch.", stats.running),
    gauge("num_requests_waiting", "Simulated sequences waiting for the batch.", stats.waiting),
    gauge("kv_cache_usage_perc", "Simulated key-value cache in use; 1 is all of it.", stats.kvUsage),
    ...counters(engine),
    ...histograms(engine),
    metric("cache_config_info", "gauge", "Simulated cache.", [{ labels: cacheConfig(config), value: 1 }]),
  ];
}

function counters({ telemetry: { totals } }: Engine): Metric[] {
  const ended = (reason: string, value: number) => ({ labels: { finished_reason: reason }, value });
  const from = (source: string, value: number) => ({ labels: { source }, value });
  return [
    counter("prefix_cache_queries_total", "Prompt tokens looked up in the prefix cache.", totals.prefixQueries),
    counter("prefix_cache_hits_total", "Prompt tokens found in it.", totals.prefixHits),
    counter("num_preemptions_total", "Sequences put back to the queue for want of blocks.", totals.preemptions),
    counter("prompt_tokens_total", "Prompt tokens, computed or found.", totals.promptTokens),
    metric("prompt_tokens_by_source_total", "counter", "Prompt tokens, by where they came from.", [
      from("local_compute", Math.max(0, totals.promptTokens - totals.prefixHits)),
      from("local_cache_hit", totals.prefixHits),
      from("external_kv_transfer", 0),
    ]),
    counter("prompt_tokens_cached_total", "Prompt tokens found in the cache.", totals.prefixHits),
    counter("generation_tokens_total", "Tokens generated.", totals.generationTokens),
    metric("request_success_total", "counter", "Sequences ended, by reason.", [
      ended("stop", totals.stopped),
      ended("length", totals.finished - totals.stopped),
      ended("abort", totals.aborted),
      ended("error", 0),
      ended("repetition", 0),
    ]),
  ];
}

function histograms({ telemetry }: Engine): Metric[] {
  return [
    histogram("request_prompt_tokens", "Prompt tokens of a request.", telemetry.promptTokens),
    histogram("request_generation_tokens", "Generated tokens of a request.", telemetry.generationTokens),
    histogram("iteration_tokens_total", "Tokens of a step.", telemetry.stepTokens),
    histogram("time_to_first_token_seconds", "From arrival to the first token.", telemetry.firstToken),
    histogram("inter_token_latency_seconds", "Between two tokens of a request.", telemetry.tokenGap),
    histogram("request_time_per_output_token_seconds", "Mean gap of a request.", telemetry.meanTokenGap),
    histogram("e2e_request_latency_seconds", "From arrival to the last token.", telemetry.endToEnd),
    histogram("request_queue_time_seconds", "From arrival to the first step.", telemetry.queue),
    histogram("request_inference_time_seconds", "From the first step to the last token.", telemetry.inference),
    histogram("request_prefill_time_seconds", "From the first step to the first token.", telemetry.prefill),
    histogram("request_decode_time_seconds", "From the first token to the last.", telemetry.decode),
  ];
}

function cacheConfig({ kvCacheTokens, prefixCaching }: CacheConfig): Record<string, string> {
  return {
    block_size: String(BLOCK_TOKENS),
    enable_prefix_caching: prefixCaching ? "True" : "False",
    kv_cache_size_tokens: String(kvCacheTokens),
    num_gpu_blocks: String(Math.floor(kvCacheTokens / BLOCK_TOKENS)),
  };
}

function metric(name: string, type: Metric["type"], help: string, samples: Metric["samples"]): Metric {
  return { name: `vllm:${name}`, help, type, samples };
}

const gauge = (name: string, help: string, value: number) => metric(name, "gauge", help, [{ value }]);
const counter = (name: string, help: string, value: number) => metric(name, "counter", help, [{ value }]);

function histogram(name: string, help: string, values: Histogram): Metric {
  const counts = values.cumulative();
  const buckets = counts.map((value, i) => {
    const bound = values.bounds[i];
    return { suffix: "_bucket", labels: { le: bound === undefined ? "+Inf" : asFloat(bound) }, value };
  });
  return metric(name, "histogram", help, [
    ...buckets,
    { suffix: "_count", value: counts.at(-1) as number },
    { suffix: "_sum", value: values.sum },
  ]);
}

const escapeLabel = (text: string) => text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
const asFloat = (value: number) => (Number.isInteger(value) ? value.toFixed(1) : String(value));
