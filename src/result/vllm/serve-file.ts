import type { RequestSamples } from "../document/cell.ts";
import { compactMoment } from "../document/run.ts";
import type { Slo } from "../document/slo.ts";
import { metricsOf } from "../measure/measure.ts";
import { goodRequests } from "../measure/request-latencies.ts";
import { fullestSecond } from "../measure/token-events.ts";
import { type Distribution, PERCENTILES } from "../metrics/distribution.ts";
import type { Metrics } from "../metrics/metric.ts";

/** What a result file of `vllm bench serve` says besides the measurement. */
export interface ServeFileFacts {
  /** When the measurement ended. vLLM writes local time without its zone; here it is UTC. */
  finishedAt: Date;
  /** `vllm` for /v1/completions, `openai-chat` for chat. */
  backend: string;
  model: string;
  tokenizer: string | null;
  /** Requests asked for; those not sent count as failed. */
  numPrompts: number;
  /** Requests a second; Infinity in a closed loop. */
  requestRate: number;
  burstiness: number;
  maxConcurrency: number | null;
  slos?: readonly Slo[] | undefined;
  /** As `--save-detailed`: the samples of each request. Texts are not kept, so they are empty. */
  detailed: boolean;
}

/**
 * The content of a `vllm bench serve --save-result` file: keys, order and units of vLLM 0.32 with
 * `--percentile-metrics ttft,tpot,itl,e2el` and our percentiles; 0 for what has no sample, events counted as tokens in
 * max_output_tokens_per_s, as there.
 */
export function vllmServeFile(samples: RequestSamples, facts: ServeFileFacts): Record<string, unknown> {
  const { slos, detailed } = facts;
  const metrics = metricsOf({ kind: "requests", requests: samples }, { slos });
  const good = goodRequests(samples);
  const total = (column: readonly number[]) => good.reduce((sum, index) => sum + column[index]!, 0);
  const perRequest = requestColumns(samples);
  return {
    ...identityBlock(facts),
    duration: samples.durationS,
    completed: good.length,
    failed: facts.numPrompts - good.length,
    total_input_tokens: total(samples.inputTokens),
    total_output_tokens: total(samples.outputTokens),
    request_throughput: metrics.request_throughput_req_s ?? 0,
    request_goodput: slos === undefined || slos.length === 0 ? null : (metrics.request_goodput_req_s ?? 0),
    output_throughput: metrics.output_throughput_tok_s ?? 0,
    total_token_throughput: metrics.total_token_throughput_tok_s ?? 0,
    ...(detailed ? perRequest.tokens : {}),
    // vLLM keeps these two even without --save-detailed.
    latencies: perRequest.latencies,
    ...(detailed ? { start_times: perRequest.startTimes } : {}),
    queue_times: perRequest.queueTimes,
    ...(detailed ? perRequest.ends : {}),
    max_output_tokens_per_s: fullestSecond(samples, good, () => 1),
    max_concurrent_requests: metrics.max_concurrent_requests ?? 0,
    rtfx: 0,
    ...statistics(metrics),
  };
}

function identityBlock(facts: ServeFileFacts) {
  const { finishedAt, backend, requestRate } = facts;
  return {
    date: compactMoment(finishedAt.toISOString()).slice(0, -1).replace("T", "-"),
    endpoint_type: backend,
    backend,
    label: null,
    model_id: facts.model,
    tokenizer_id: facts.tokenizer,
    num_prompts: facts.numPrompts,
    request_rate: Number.isFinite(requestRate) ? requestRate : "inf",
    burstiness: facts.burstiness,
    max_concurrency: facts.maxConcurrency,
  };
}

/** One entry a request, in seconds; 0 and empty lists for a request that failed. */
function requestColumns(samples: RequestSamples) {
  const { sentMs, scheduledMs, errors, askedInputTokens, inputTokens, outputTokens } = samples;
  const isGood = errors.map((error) => error === null);
  const seconds = (column: RequestSamples["sentMs"]) =>
    column.map((moment, index) => (isGood[index] ? (moment! - sentMs[index]!) / 1000 : 0));
  return {
    tokens: {
      input_lens: inputTokens.map((count, index) => (isGood[index] ? count : (askedInputTokens[index] ?? 0))),
      output_lens: outputTokens.map((count, index) => (isGood[index] ? count : 0)),
      ttfts: seconds(samples.firstTokenMs),
      itls: samples.gapsMs.map((gaps, index) => (isGood[index] ? gaps.map((gap) => gap / 1000) : [])),
    },
    latencies: seconds(samples.lastTokenMs),
    startTimes: sentMs.map((moment) => (moment ?? 0) / 1000),
    queueTimes: sentMs.map((moment, index) => (moment === null ? 0 : (moment - scheduledMs[index]!) / 1000)),
    ends: { generated_texts: errors.map(() => ""), errors: errors.map((error) => error ?? "") },
  };
}

function statistics(metrics: Metrics) {
  const names = ["ttft", "tpot", "itl", "e2el"] as const;
  const entries = names.flatMap((name) => {
    const found: Distribution = metrics[`${name}_ms`] ?? {};
    return [
      [`mean_${name}_ms`, found.mean ?? 0],
      [`median_${name}_ms`, found.p50 ?? 0],
      [`std_${name}_ms`, found.std ?? 0],
      ...PERCENTILES.map((percent) => [`p${percent}_${name}_ms`, found[`p${percent}`] ?? 0]),
    ];
  });
  return Object.fromEntries(entries);
}
