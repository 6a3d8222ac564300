import type { EngineStats } from "./engine.ts";

interface Metric {
  name: string;
  help: string;
  type: "counter" | "gauge";
  samples: { labels?: Record<string, string>; value: number }[];
}

/** `/metrics` with vLLM's names and labels, so that whoever reads vLLM's reads ours. */
export function metricsText(model: string, stats: EngineStats, kvCacheTokens: number): string {
  const text = engineMetrics(stats, kvCacheTokens).map(({ name, help, type, samples }) => {
    const lines = samples.map(({ labels = {}, value }) => {
      const all = Object.entries({ engine: "0", ...labels, model_name: model });
      return `${name}{${all.map(([key, text]) => `${key}="${escapeLabel(text)}"`).join(",")}} ${asFloat(value)}`;
    });
    return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join("\n")}\n`;
  });
  return text.join("");
}

function engineMetrics(stats: EngineStats, kvCacheTokens: number): Metric[] {
  const one = (value: number) => [{ value }];
  const ended = (reason: string, value: number) => ({ labels: { finished_reason: reason }, value });
  // Nothing is preempted yet when the cache is full, so more may be held than fits.
  const usage = Math.min(1, stats.cachedTokens / kvCacheTokens);
  return [
    metric("num_requests_running", "gauge", "Simulated sequences in the batch.", one(stats.running)),
    metric("num_requests_waiting", "gauge", "Simulated sequences waiting for the batch.", one(stats.waiting)),
    metric("kv_cache_usage_perc", "gauge", "Simulated key-value cache in use; 1 is all of it.", one(usage)),
    metric("prompt_tokens_total", "counter", "Prompt tokens computed.", one(stats.promptTokens)),
    metric("generation_tokens_total", "counter", "Tokens generated.", one(stats.generationTokens)),
    metric("request_success_total", "counter", "Sequences ended, by reason.", [
      ended("stop", 0),
      ended("length", stats.finished),
      ended("abort", stats.aborted),
      ended("error", 0),
    ]),
  ];
}

function metric(name: string, type: Metric["type"], help: string, samples: Metric["samples"]): Metric {
  return { name: `vllm:${name}`, help, type, samples };
}

const escapeLabel = (text: string) => text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
const asFloat = (value: number) => (Number.isInteger(value) ? value.toFixed(1) : String(value));
