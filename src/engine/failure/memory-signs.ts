import type { Diagnosis, Phase, Sign } from "./sign.ts";

/** vLLM gives KV memory in blocks of so many tokens, so a length that is no multiple may not fit. */
const BLOCK_TOKENS = 16;

/** vLLM's own words: v1/core/kv_cache_utils.py, worker/worker.py before 0.8, v1/worker/utils.py; PyTorch's allocators. */
export const MEMORY_SIGNS: Sign[] = [
  {
    // V0 gives tokens; V1 GB in 0.7, GiB and an estimate since 0.8.
    pattern:
      /max(?:imum)? seq(?:uence)? len(?:gth)?[^\n]{0,20}\((\d+)\)[^\n]*?larger than the (?:available KV cache memory|maximum number of tokens that can be stored in (?:the )?KV cache)[^\n]*/,
    explain: ([words, length]) => cacheTooSmall(words, Number(length)),
  },
  {
    pattern: /No available memory for the cache blocks|larger than the available KV cache memory/,
    explain: () => ({
      reason: "out_of_memory",
      cause: "the weights leave no memory for the KV cache",
      fix: "raise --gpu-memory-utilization in --engine-args, or spread the model over more GPUs with --tensor-parallel-size",
    }),
  },
  {
    pattern: /Free memory on device[^\n]*?\(([\d.]+)\/([\d.]+) GiB\)[^\n]*less than desired GPU memory utilization/,
    explain: ([, free, total]) => ({
      reason: "out_of_memory",
      cause: `only ${free} of ${total} GiB of the GPU were free at the start: another process holds the rest`,
      fix: "end that process (nvidia-smi shows it), or lower --gpu-memory-utilization in --engine-args",
    }),
  },
  {
    pattern: /Available memory on node[^\n]*?\(([\d.]+)\/([\d.]+) GiB\)[^\n]*less than desired CPU memory utilization/,
    explain: ([, free, total]) => ({
      reason: "out_of_memory",
      cause: `only ${free} of ${total} GiB of the main memory were free at the start`,
      fix: "lower --gpu-memory-utilization in --engine-args, which on the CPU means main memory, or end what holds the rest",
    }),
  },
  {
    pattern: /is less than desired [GC]PU memory utilization/,
    explain: () => ({
      reason: "out_of_memory",
      cause: "the device has less free memory than the engine wants",
      fix: "end the process that holds it (nvidia-smi shows it), or lower --gpu-memory-utilization in --engine-args",
    }),
  },
  {
    pattern: /DefaultCPUAllocator: [^\n]*(?:can't allocate|not enough) memory|\[Errno 12\] Cannot allocate memory/,
    explain: () => ({
      reason: "out_of_memory",
      cause: "the machine's main memory ran out",
      fix: "take a machine or a container limit with more memory, or on the CPU lower VLLM_CPU_KVCACHE_SPACE",
    }),
  },
  {
    pattern: /(?:CUDA|HIP|XPU) out of memory|\bOutOfMemoryError\b/,
    explain: ({ index }, { log, phase }) => deviceMemoryOver(phase, log.slice(0, index)),
  },
];

function cacheTooSmall(words: string, length: number): Diagnosis {
  const longest = suggestedLength(words, length);
  const why = `the KV cache has no room for one request of ${length} tokens (max_model_len)`;
  const more = "raise --gpu-memory-utilization";
  return longest === undefined
    ? { reason: "out_of_memory", cause: why, fix: `lower --max-model-len in --engine-args, or ${more}` }
    : {
        reason: "out_of_memory",
        cause: `${why}; by the log the largest max_model_len that fits is ${longest}`,
        fix: `put --max-model-len ${longest} into --engine-args, or ${more}`,
        longestContext: longest,
      };
}

/** The largest length that fits: as the log estimates it, or in proportion to the memory that it names. */
function suggestedLength(words: string, length: number): number | undefined {
  const said = /estimated maximum model length is (\d+)|can be stored in (?:the )?KV cache \((\d+)\)/.exec(words);
  if (said !== null) return Number(said[1] ?? said[2]) || undefined;
  const [needed, available] = [...words.matchAll(/([\d.]+) Gi?B/g)].map(([, gib]) => Number(gib));
  if (needed === undefined || available === undefined || needed === 0) return undefined;
  return Math.floor((length * available) / needed / BLOCK_TOKENS) * BLOCK_TOKENS || undefined;
}

function deviceMemoryOver(phase: Phase, before: string): Diagnosis {
  if (phase === "mid-run") {
    return {
      reason: "out_of_memory",
      cause: "the GPU's memory ran out in mid-run",
      fix: "lower --max-num-seqs, --max-num-batched-tokens or --gpu-memory-utilization in --engine-args",
    };
  }
  if (/Model loading took|Loading (?:model )?weights took/.test(before)) {
    return {
      reason: "out_of_memory",
      cause: "the GPU's memory ran out after the weights were loaded, in the warm-up",
      fix: "lower --max-num-seqs, --max-num-batched-tokens or --gpu-memory-utilization in --engine-args",
    };
  }
  return {
    reason: "out_of_memory",
    cause: "the GPU's memory ran out while the weights were loaded",
    fix: "spread the model over more GPUs (--tensor-parallel-size), quantize it, or free the GPU (nvidia-smi)",
  };
}
