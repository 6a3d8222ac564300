import { describe, expect, test } from "vitest";
import { classifyFailure } from "../../src/engine/failure/classify.ts";

/*
 * vLLM's own wordings as they stand in the sources of its releases (checked: 0.6.0, 0.6.6, 0.7.3, 0.8.5, 0.9.2, 0.10.2,
 * 0.11.0, 0.14.0, 0.20.0, 0.32.0), with values filled in. Those of PyTorch, NCCL, Hugging Face and Docker, which no
 * version of vLLM changes, are in failure-logs.ts.
 */
const WORDINGS: [since: string, until: string, words: string, reason: string, says: string][] = [
  [
    ...(["0.6.0", "0.10.2"] as const),
    "ValueError: The model's max seq len (131072) is larger than the maximum number of tokens that can be stored in KV cache (36080). Try increasing `gpu_memory_utilization` or decreasing `max_model_len` when initializing the engine.",
    ...(["out_of_memory", "largest max_model_len that fits is 36080"] as const),
  ],
  [
    ...(["0.7.3", "0.7.3"] as const),
    "ValueError: To serve at least one request with the models's max seq len (131072), (16.00 GB KV cache is needed, which is larger than the available KV cache memory (7.38 GB). Try increasing `gpu_memory_utilization` or decreasing `max_model_len` when initializing the engine.",
    ...(["out_of_memory", "largest max_model_len that fits is 60448"] as const),
  ],
  [
    ...(["0.8.5", "0.32.0"] as const),
    "ValueError: To serve at least one request with the models's max seq len (131072), (16.00 GiB KV cache is needed, which is larger than the available KV cache memory (7.38 GiB). Based on the available memory, the estimated maximum model length is 60416. Try increasing `gpu_memory_utilization` or decreasing `max_model_len` when initializing the engine.",
    ...(["out_of_memory", "largest max_model_len that fits is 60416"] as const),
  ],
  [
    ...(["0.6.0", "0.32.0"] as const),
    "ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization` when initializing the engine.",
    ...(["out_of_memory", "no memory for the KV cache"] as const),
  ],
  [
    ...(["0.9.2", "0.11.0"] as const),
    "ValueError: Free memory on device (7.24/79.25 GiB) on startup is less than desired GPU memory utilization (0.9, 71.33 GiB). Decrease GPU memory utilization or reduce GPU memory used by other processes.",
    ...(["out_of_memory", "only 7.24 of 79.25 GiB of the GPU"] as const),
  ],
  [
    ...(["0.14.0", "0.32.0"] as const),
    "ValueError: Free memory on device cuda:0 (7.24/79.25 GiB) on startup is less than desired GPU memory utilization (0.92, 72.91 GiB). Decrease GPU memory utilization or reduce GPU memory used by other processes.",
    ...(["out_of_memory", "only 7.24 of 79.25 GiB of the GPU"] as const),
  ],
  [
    ...(["0.20.0", "0.32.0"] as const),
    "ValueError: Available memory on node 0 (3.1/15.6 GiB) on startup is less than desired CPU memory utilization (0.92, 14.35 GiB). Decrease --gpu-memory-utilization or reduce CPU memory used by other processes.",
    ...(["out_of_memory", "only 3.1 of 15.6 GiB of the main memory"] as const),
  ],
  [
    ...(["0.8.5", "0.32.0"] as const),
    "RuntimeError: CUDA out of memory occurred when warming up sampler with 1024 dummy requests. Please try lowering `max_num_seqs` or `gpu_memory_utilization` when initializing the engine.",
    ...(["out_of_memory", "memory ran out"] as const),
  ],
  [
    ...(["0.32.0", "0.32.0"] as const),
    "ERROR 11-22 06:40:00 [multiproc_executor.py:1] Worker proc VllmWorker-1 died unexpectedly (exit code: -9), shutting down executor.",
    ...(["out_of_memory", "killed by SIGKILL"] as const),
  ],
  [
    ...(["0.6.0", "0.32.0"] as const),
    "ValueError: The quantization method fp8 is not supported for the current GPU. Minimum capability: 89. Current capability: 75.",
    ...(["environment", "needs compute capability 8.9, and this one has 7.5"] as const),
  ],
  [
    ...(["0.7.3", "0.32.0"] as const),
    "ValueError: The quantization method moe_wna16 + awq is not supported for the current GPU. Minimum capability: 75. Current capability: 70.",
    ...(["environment", "cannot do the quantization moe_wna16 + awq"] as const),
  ],
  [
    ...(["0.32.0", "0.32.0"] as const),
    "RuntimeError: Quantization scheme is not supported for the current GPU. Min capability: 75. Current capability: 70.",
    ...(["environment", "needs compute capability 7.5"] as const),
  ],
  [
    ...(["0.6.0", "0.6.0"] as const),
    "ValueError: awq quantization is currently not supported in ROCm.",
    ...(["environment", "quantization awq is not supported on ROCm"] as const),
  ],
  [
    ...(["0.6.6", "0.32.0"] as const),
    "ValueError: awq quantization is currently not supported in cpu.",
    ...(["environment", "quantization awq is not supported on cpu"] as const),
  ],
  [
    ...(["0.6.0", "0.32.0"] as const),
    "ValueError: Bfloat16 is only supported on GPUs with compute capability of at least 8.0. Your Tesla T4 GPU has compute capability 7.5.",
    ...(["environment", "no bfloat16"] as const),
  ],
  [
    ...(["0.6.6", "0.7.3"] as const),
    "RuntimeError: Failed to infer device type",
    ...(["environment", "sees no GPU"] as const),
  ],
  [
    ...(["0.8.5", "0.32.0"] as const),
    "RuntimeError: Failed to infer device type, please set the environment variable `VLLM_LOGGING_LEVEL=DEBUG` to turn on verbose logging to help debug the issue.",
    ...(["environment", "sees no GPU"] as const),
  ],
  [
    ...(["0.14.0", "0.32.0"] as const),
    "ValueError: World size (8) is larger than the number of available GPUs (2) in this node. If this is intentional and you are using:",
    ...(["environment", "is to run on 8 GPUs, and this machine shows 2"] as const),
  ],
  [
    ...(["0.6.0", "0.32.0"] as const),
    "ValueError: Unknown quantization method: fp3. Must be one of ['awq', 'fp8'].",
    ...(["engine_crashed", "does not know the quantization fp3"] as const),
  ],
  [
    ...(["0.6.0", "0.32.0"] as const),
    "ValueError: User-specified max_model_len (999999) is greater than the derived max_model_len (max_position_embeddings=2048 or model_max_length=None in model's config.json). This may lead to incorrect model outputs or CUDA errors.",
    ...(["engine_crashed", "longer than the model's own, 2048"] as const),
  ],
  [
    ...(["0.6.0", "0.32.0"] as const),
    "RuntimeError: Cannot find any model weights with `/models/empty`",
    ...(["environment", "/models/empty has no weights"] as const),
  ],
  [
    ...(["0.8.5", "0.32.0"] as const),
    "OSError: Invalid repository ID or local directory specified: 'octo/nothing'.",
    ...(["environment", "was not found"] as const),
  ],
];

describe("a wording of vLLM is known:", () => {
  test.each(WORDINGS)("%s to %s: %s", (_since, _until, words, reason, says) => {
    // vLLM says the same again from its API server, which only points at the engine core.
    const log = `INFO before\n(EngineCore pid=1) ${words}\nRuntimeError: Engine core initialization failed. See root cause above. Failed core proc(s): {}\n`;
    const { diagnosis } = classifyFailure(log, { phase: "start", killed: false });
    expect(diagnosis).toMatchObject({ reason, cause: expect.stringContaining(says) });
  });

  test("the context longer than the model's that it was allowed is no failure", () => {
    const log =
      "(MainProcess pid=1) WARNING 11-24 12:08:55 [model.py:2660] User-specified max_model_len (3000000) is greater than the derived max_model_len (max_position_embeddings=4096.0 or model_max_length=None in model's config.json). VLLM_ALLOW_LONG_MAX_MODEL_LEN must be used with extreme caution.\n" +
      "(EngineCore pid=2) ERROR 11-24 12:09:12 [core.py:1510] ValueError: To serve at least one request with the model's max seq len (3000000), (1.43 GiB KV cache is needed, which is larger than the available KV cache memory (1.0 GiB). Based on the available memory, the estimated maximum model length is 2097024.\n";
    const { diagnosis } = classifyFailure(log, { phase: "start", killed: false });
    expect(diagnosis).toMatchObject({ reason: "out_of_memory", longestContext: 2_097_024 });
  });

  test("the free memory that it prints on a good day is no failure", () => {
    const log =
      "INFO Free memory on device (78.1/79.25 GiB) on startup. Desired GPU memory utilization is (0.9, 71.33 GiB).\nValueError: something else\n";
    const { diagnosis } = classifyFailure(log, { phase: "start", killed: false });
    expect(diagnosis).toMatchObject({ reason: "engine_crashed", cause: "ValueError: something else" });
  });
});
