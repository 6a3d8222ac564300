import { BLOCK_TOKENS } from "./engine/prefix-hash.ts";

/** Where memory runs out at the start. */
export const OUT_OF_MEMORY_KINDS = ["kv-cache", "weights"] as const;
export type OutOfMemoryKind = (typeof OUT_OF_MEMORY_KINDS)[number];

const SEE = "See https://docs.vllm.ai/en/latest/configuration/conserving_memory/ for more details.";
/** Tokens whose keys and values fill a GiB: those of Llama 3.1 8B in bfloat16 take 128 KiB each. */
const TOKENS_OF_A_GIB = 8192;

const LAST_WORDS: Record<OutOfMemoryKind, string> = {
  "kv-cache": `ValueError: No available memory for the cache blocks. Try increasing \`gpu_memory_utilization\` when initializing the engine (this flag also controls CPU memory reservation on the CPU backend, despite its name). ${SEE}`,
  weights:
    "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 112.00 MiB. GPU 0 has a total capacity of 79.11 GiB of which 43.19 MiB is free.",
};

/** What vLLM logs when it runs out of memory at the start, and that nothing of it is real. */
export function outOfMemoryLog(kind: OutOfMemoryKind): string {
  return startFailureLog(LAST_WORDS[kind], "--oom-at-start");
}

/** The cache holds less than one request of the greatest length. @returns vLLM's words for it; null when it does not */
export function cacheTooSmall(kvCacheTokens: number, maxModelLen: number): string | null {
  const tokens = Math.floor(kvCacheTokens / BLOCK_TOKENS) * BLOCK_TOKENS;
  if (tokens >= maxModelLen) return null;
  const gib = (count: number) => (count / TOKENS_OF_A_GIB).toFixed(2);
  return startFailureLog(
    `ValueError: To serve at least one request with the model's max seq len (${maxModelLen}), (${gib(maxModelLen)} GiB KV cache is needed, which is larger than the available KV cache memory (${gib(tokens)} GiB). Based on the available memory, the estimated maximum model length is ${tokens}. Try increasing \`gpu_memory_utilization\` (which also controls CPU memory on the CPU backend) or decreasing \`max_model_len\` when initializing the engine. ${SEE}`,
    `--kv-cache-tokens ${kvCacheTokens}, --max-model-len ${maxModelLen}`,
  );
}

function startFailureLog(lastWords: string, cause: string): string {
  return [
    "(EngineCore pid=0) INFO [core.py] Initializing a simulated engine",
    "(EngineCore pid=0) ERROR [core.py] EngineCore failed to start.",
    "(EngineCore pid=0) ERROR [core.py] Traceback (most recent call last):",
    '(EngineCore pid=0) ERROR [core.py]   File "simulated/engine/core.py", line 1, in run_engine_core',
    `(EngineCore pid=0) ERROR [core.py] ${lastWords}`,
    `RuntimeError: Engine core initialization failed. See root cause above. (simulated: ${cause})`,
    "",
  ].join("\n");
}
