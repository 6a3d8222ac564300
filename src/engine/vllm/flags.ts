/** When a flag was there, and what to write where it is not. Versions are the first with it and the first without it. */
interface FlagSpan {
  since?: string;
  gone?: string;
  /** From `gone` on. */
  instead?: string;
  /** For versions before `since`: what to do, after “until then”. */
  before?: string;
}

/**
 * Flags of `vllm serve` that came or went between 0.6.0 and 0.32.0; one that is not here is the engine's to judge.
 * From vllm/engine/arg_utils.py and the cli_args.py of vLLM's releases.
 */
export const SERVE_FLAGS: Record<string, FlagSpan> = {
  "--disable-log-requests": { gone: "0.17.0", instead: "--no-enable-log-requests" },
  "--enable-log-requests": { since: "0.10.1", before: "leave it out: it logged them by itself" },
  "--swap-space": { gone: "0.18.0", instead: "nothing: V1 does not swap" },
  "--guided-decoding-backend": { gone: "0.12.0", instead: `--structured-outputs-config '{"backend": …}'` },
  "--structured-outputs-config": { since: "0.11.0", before: "write --guided-decoding-backend" },
  "--rope-scaling": { gone: "0.11.1", instead: `--hf-overrides '{"rope_scaling": …}'` },
  "--rope-theta": { gone: "0.11.1", instead: `--hf-overrides '{"rope_theta": …}'` },
  "--hf-overrides": { since: "0.6.4" },
  "--task": { since: "0.6.4", gone: "0.13.0", instead: "--runner and --convert" },
  "--runner": { since: "0.10.1", before: "write --task" },
  "--convert": { since: "0.10.1", before: "write --task" },
  "--num-scheduler-steps": { gone: "0.10.1", instead: "nothing: V1 has no multi-step scheduling" },
  "--multi-step-stream-outputs": { since: "0.6.2", gone: "0.10.1" },
  "--use-v2-block-manager": { gone: "0.10.0", instead: "nothing: it is the only one" },
  "--device": { gone: "0.10.0", instead: "nothing: the build decides" },
  "--max-context-len-to-capture": {
    gone: "0.6.4",
    instead: "--max-seq-len-to-capture, or from 0.11.1 on --max-cudagraph-capture-size",
  },
  "--max-seq-len-to-capture": { gone: "0.11.0", instead: "--max-cudagraph-capture-size (since 0.11.1)" },
  "--cuda-graph-sizes": { since: "0.9.0", gone: "0.13.0", instead: "--cudagraph-capture-sizes" },
  "--cudagraph-capture-sizes": { since: "0.11.1", before: "write --cuda-graph-sizes (0.9 and later)" },
  "--max-cudagraph-capture-size": { since: "0.11.1" },
  "--preemption-mode": { gone: "0.11.0" },
  "--num-lookahead-slots": { gone: "0.12.0" },
  "--scheduler-delay-factor": { gone: "0.11.0" },
  "--disable-async-output-proc": { gone: "0.11.0" },
  "--worker-use-ray": { gone: "0.7.0", instead: "--distributed-executor-backend ray" },
  "--engine-use-ray": { gone: "0.6.2" },
  "--quantization-param-path": { gone: "0.7.0" },
  "--speculative-model": { gone: "0.8.3", instead: `--speculative-config '{"model": …}'` },
  "--num-speculative-tokens": { gone: "0.8.3", instead: `--speculative-config '{"num_speculative_tokens": …}'` },
  "--ngram-prompt-lookup-max": { gone: "0.8.3", instead: `--speculative-config '{"prompt_lookup_max": …}'` },
  "--speculative-config": { since: "0.8.2", before: "write --speculative-model and --num-speculative-tokens" },
  "--enable-reasoning": { since: "0.7.1", gone: "0.10.0", instead: "--reasoning-parser alone" },
  "--reasoning-parser": { since: "0.7.1" },
  "--override-pooler-config": { since: "0.6.4", gone: "0.12.0", instead: "--pooler-config" },
  "--pooler-config": { since: "0.11.0", before: "write --override-pooler-config" },
  "--disable-mm-preprocessor-cache": { since: "0.6.6", gone: "0.13.0", instead: "--mm-processor-cache-gb 0" },
  "--mm-processor-cache-gb": { since: "0.10.1", before: "write --disable-mm-preprocessor-cache" },
  "--enable-multimodal-encoder-data-parallel": { since: "0.9.1", gone: "0.13.0", instead: "--mm-encoder-tp-mode data" },
  "--mm-encoder-tp-mode": { since: "0.10.2" },
  "--num-redundant-experts": { since: "0.9.2", gone: "0.12.0", instead: "--eplb-config" },
  "--eplb-config": { since: "0.10.2" },
  "--enable-eplb": { since: "0.9.2" },
  "--calculate-kv-scales": { since: "0.7.0", gone: "0.28.0" },
  "--max-num-partial-prefills": { since: "0.7.3", gone: "0.27.0" },
  "--disable-frontend-multiprocessing": { gone: "0.19.0" },
  "--compilation-config": { since: "0.6.5" },
  "--kv-transfer-config": { since: "0.6.5" },
  "--data-parallel-size": { since: "0.8.3" },
  "--enable-expert-parallel": { since: "0.8.0" },
  "--async-scheduling": { since: "0.10.0" },
  "--kv-cache-memory-bytes": { since: "0.10.2" },
  "--decode-context-parallel-size": { since: "0.10.2" },
  "--api-server-count": { since: "0.9.1" },
  "--all2all-backend": { since: "0.11.1" },
  "--stream-interval": { since: "0.11.1" },
  "--optimization-level": { since: "0.12.0" },
  "--attention-backend": { since: "0.13.0", before: "set VLLM_ATTENTION_BACKEND in the environment" },
  "--moe-backend": { since: "0.17.0" },
  "--performance-mode": { since: "0.17.0" },
};

/** The flags that pitwall gives to `vllm bench serve`, before 0.8 to benchmarks/benchmark_serving.py. */
export const BENCH_SERVE_FLAGS: Record<string, FlagSpan> = {
  "--max-concurrency": { since: "0.6.4" },
  "--burstiness": { since: "0.6.4" },
  "--ignore-eos": { since: "0.6.3" },
  "--num-warmups": { since: "0.11.1", before: "give --warmup-requests 0, or take --client pitwall" },
};
