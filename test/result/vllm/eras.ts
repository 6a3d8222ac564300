/*
 * The keys of vLLM's result files, version by version, as its own code writes them: benchmarks/benchmark_*.py up to 0.9,
 * vllm/benchmarks/*.py from 0.8 on. Values come from a real file of 0.32.
 */
import { readFileSync } from "node:fs";

export const fixture = (name: string) =>
  readFileSync(new URL(`../../fixtures/vllm-0.32.0/${name}`, import.meta.url), "utf8");

const REAL = JSON.parse(fixture("in_300_out_100.json"));
const PROMPTS = REAL.num_prompts as number;

const pick = (keys: string) => Object.fromEntries(keys.split(" ").map((key) => [key, REAL[key] ?? null]));
const statistics = (metrics: string, kinds: string) =>
  pick(
    metrics
      .split(" ")
      .flatMap((m) => kinds.split(" ").map((kind) => `${kind}_${m}_ms`))
      .join(" "),
  );
const COUNTS = "duration completed total_input_tokens total_output_tokens request_throughput output_throughput";
const ALL = "mean median std p99";
const DETAILS = {
  input_lens: Array(PROMPTS).fill(300),
  output_lens: Array(PROMPTS).fill(100),
  ttfts: Array(PROMPTS).fill(0.03),
  itls: Array(PROMPTS).fill([0.01, 0.01]),
  generated_texts: Array(PROMPTS).fill("text"),
  errors: Array(PROMPTS).fill(""),
};
const metadata = { best_of: 1, tokenizer_id: "tiny-llama", date: "20240915-101500" };

export const SERVE_ERAS: Record<string, Record<string, unknown>> = {
  "0.6.0, input instead of total throughput": {
    ...{ ...metadata, ...pick("backend model_id num_prompts request_rate") },
    ...{ ...pick(COUNTS), input_throughput: 300, ...statistics("ttft tpot itl", ALL), ...DETAILS },
  },
  "0.6.3, details always": {
    ...{ ...metadata, ...pick("backend model_id num_prompts request_rate") },
    ...{ ...pick(`${COUNTS} total_token_throughput`), ...DETAILS, ...statistics("ttft tpot itl", ALL) },
  },
  "0.6.6 to 0.8, goodput with a colon": {
    ...{ ...metadata, ...pick("backend model_id num_prompts request_rate burstiness max_concurrency") },
    ...{ ...pick(`${COUNTS} total_token_throughput`), "request_goodput:": null, ...DETAILS },
    ...statistics("ttft tpot itl", ALL),
  },
  "0.8.5 to 0.10, endpoint_type instead of backend": {
    ...{ ...metadata, endpoint_type: "vllm", label: null },
    ...pick(`model_id num_prompts request_rate burstiness max_concurrency ${COUNTS} total_token_throughput`),
    ...{ request_goodput: null, ...statistics("ttft tpot itl", ALL) },
  },
  "0.11, peaks": {
    ...pick(`date endpoint_type backend label model_id tokenizer_id num_prompts request_rate burstiness`),
    ...pick(`max_concurrency ${COUNTS} request_goodput total_token_throughput max_output_tokens_per_s`),
    ...{ max_concurrent_requests: 12, ...statistics("ttft tpot itl", ALL) },
  },
  "0.12 to 0.20, failed": {
    ...pick(`date endpoint_type backend label model_id tokenizer_id num_prompts request_rate burstiness`),
    ...pick(`max_concurrency ${COUNTS} failed request_goodput total_token_throughput max_output_tokens_per_s`),
    ...{ max_concurrent_requests: 12, ...statistics("ttft tpot itl e2el", ALL) },
  },
  "0.25 to 0.28, speculation, diffusion and probes": {
    ...pick(`date endpoint_type backend label model_id tokenizer_id num_prompts request_rate burstiness`),
    ...pick(`max_concurrency ${COUNTS} failed request_goodput total_token_throughput max_output_tokens_per_s rtfx`),
    ...{ spec_decode_acceptance_rate: 71.2, spec_decode_per_position_acceptance_rates: [0.8, 0.6] },
    ...{ diffusion_committed_tokens: 40, probe_completed: 3, probe_failed: 0, probe_median_e2el_ms: 8.1 },
    ...statistics("ttft tpot itl e2el", ALL),
  },
  "0.32": REAL,
  "0.32 in Rust": {
    ...REAL,
    ...{ max_model_len: 4096, input_throughput: 1800, steady_state: { window: { start_s: 0.1 } } },
    failed_requests: [],
  },
};
