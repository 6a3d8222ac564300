import type { Context, Diagnosis, Sign, Stage } from "../sign.ts";

/** vLLM gives KV memory in blocks of so many tokens, so a length that is no multiple may not fit. */
const BLOCK_TOKENS = 16;

const over = (stage: Stage | undefined, cause: string, fix: string): Diagnosis => ({
  reason: "out_of_memory",
  stage,
  cause,
  fix,
});

const MORE_MEMORY = "take a machine or a container limit with more memory";

/** Signs that the machine's own memory ran out, in the words of Linux, glibc, Ray, PyTorch's CPU allocator and vLLM's CPU platform. */
export const HOST_MEMORY_SIGNS: Sign[] = [
  {
    pattern:
      /Out of memory: Killed process|oom-kill|OOMKilled|Memory cgroup out of memory|running low on memory|^(?:.*: line \d+: +\d+ )?Killed\b|exit ?code:? -9\b|died \(-9\)|died with signal 9|signal: 9 \(?SIGKILL|'(?:EngineCore|Worker)\w*': -9\b/i,
    explain: (_, { stage }) =>
      over(
        stage,
        "a process of the engine was killed by SIGKILL, as the kernel does when main memory runs out",
        `look into dmesg, and ${MORE_MEMORY}`,
      ),
  },
  {
    pattern:
      /Available memory on node[^\n]{0,300}?\(([\d.]{1,20})\/([\d.]{1,20}) GiB\)[^\n]{0,300}less than desired CPU memory utilization/,
    explain: ([, free, total]) =>
      over(
        "device",
        `only ${free} of ${total} GiB of the main memory were free at the start`,
        "lower --gpu-memory-utilization in --engine-args, which on the CPU means main memory, or end what holds the rest",
      ),
  },
  {
    pattern: /Too large swap space/,
    explain: () =>
      over(
        "kv_cache",
        "the swap space for the KV cache is larger than main memory",
        "lower --swap-space in --engine-args",
      ),
  },
  {
    pattern:
      /DefaultCPUAllocator|\[Errno 12\]|Cannot allocate memory|^(?:\w+\.)*MemoryError\b|std::bad_alloc|OUT_OF_HOST_MEMORY/,
    explain: (_, { stage }) =>
      over(stage, "the machine's main memory ran out", `${MORE_MEMORY}, or on the CPU lower VLLM_CPU_KVCACHE_SPACE`),
  },
];

/**
 * Signs that the device's memory ran out: vLLM's own words (v1/core/kv_cache_utils.py, worker/worker.py before 0.8, v1/worker/utils.py),
 * and those of the allocators of PyTorch, CUDA, HIP, Level Zero, CANN, XLA, Triton and NCCL.
 */
export const MEMORY_SIGNS: Sign[] = [
  {
    // V0 gives tokens; V1 GB in 0.7, GiB and an estimate since 0.8.
    pattern:
      /max(?:imum)? seq(?:uence)? len(?:gth)?[^\n]{0,20}\((\d{1,20})\)[^\n]{0,300}?larger than the (?:available KV cache memory|maximum number of tokens that can be stored in (?:the )?KV cache)[^\n]*/,
    explain: ([words, length]) => cacheTooSmall(words, Number(length)),
  },
  {
    pattern: /No available memory for the cache blocks|larger than the available KV cache memory/,
    explain: () =>
      over(
        "kv_cache",
        "the weights leave no memory for the KV cache",
        "raise --gpu-memory-utilization in --engine-args, or spread the model over more GPUs with --tensor-parallel-size",
      ),
  },
  {
    pattern: /max_num_seqs \((\d+)\) exceeds available Mamba cache blocks \((\d+)\)/,
    explain: ([, asked, blocks]) =>
      over(
        "kv_cache",
        `the cache holds ${blocks} sequences of this model, and ${asked} are allowed at once`,
        `put --max-num-seqs ${blocks} into --engine-args, or raise --gpu-memory-utilization`,
      ),
  },
  {
    pattern:
      /Free memory on device[^\n]{0,300}?\(([\d.]{1,20})\/([\d.]{1,20}) GiB\)[^\n]{0,300}less than desired GPU memory utilization/,
    explain: ([, free, total]) =>
      over(
        "device",
        `only ${free} of ${total} GiB of the GPU were free at the start: another process holds the rest`,
        "end that process (nvidia-smi shows it), or lower --gpu-memory-utilization in --engine-args",
      ),
  },
  {
    pattern: /is less than desired [GC]PU memory utilization/,
    explain: () =>
      over(
        "device",
        "the device has less free memory than the engine wants",
        "end the process that holds it (nvidia-smi shows it), or lower --gpu-memory-utilization in --engine-args",
      ),
  },
  {
    pattern: /memory capacity is unbalanced/,
    explain: () =>
      over(
        "device",
        "one GPU has much less free memory than the others: another process holds it",
        "end that process (nvidia-smi shows it), or choose other GPUs",
      ),
  },
  {
    pattern: /Not enough memory\. Please try to (?:increase|decrease) --mem-fraction-static/i,
    explain: () =>
      over("kv_cache", "the weights leave no memory for the KV cache", "change --mem-fraction-static as the line says"),
  },
  {
    pattern: /Cuda failure (?:\d+ )?'out of memory'|Failed to CUDA (?:calloc|malloc|host alloc)/,
    explain: (_, context) => deviceMemoryOver({ ...context, stage: late(context.stage) ?? "connecting" }),
  },
  {
    pattern:
      /\b(?:CUDA|HIP|XPU|NPU|MPS|MUSA|HPU)(?: backend)? out of memory|\b(?:CUDA|HIP)(?: driver)? error: out of memory|\bOutOfMemoryError\b|CUDA_ERROR_OUT_OF_MEMORY|(?:cuda|hip)Error(?:MemoryAllocation|OutOfMemory)|CUBLAS_STATUS_ALLOC_FAILED|CU(?:DNN|SPARSE|SOLVER)_STATUS_ALLOC_FAILED|(?:HIPBLAS|ROCBLAS)_STATUS_(?:ALLOC_FAILED|MEMORY_ERROR)|rocblas_status_memory_error|OUT_OF_DEVICE_MEMORY|ERROR_OUT_OF_RESOURCES|RESOURCE_EXHAUSTED|[Rr]an out of memory in memory space|(?:cu|cuda|hip|acl(?:rt)?)(?:Mem)?(?:Malloc|Alloc|Create)\w{0,40} failed[^\n]{0,40}out of memory|Triton Error \[\w{1,40}\]: out of memory|CUDA error[^\n]{0,80}: out of memory|unable to allocate (?:CUDA|ROCm|SYCL|Vulkan)\d{1,20} buffer|(?:207001|EL0004)\b|failed to allocate memory on (?:device|GPU)|Cuda Runtime \(out of memory\)|Error Code \d{1,20}: OutOfMemory/i,
    explain: (_, context) => deviceMemoryOver(context),
  },
];

function cacheTooSmall(words: string, length: number): Diagnosis {
  const longest = suggestedLength(words, length);
  const why = `the KV cache has no room for one request of ${length} tokens (max_model_len)`;
  const more = "raise --gpu-memory-utilization";
  if (longest === undefined) return over("kv_cache", why, `lower --max-model-len in --engine-args, or ${more}`);
  const cause = `${why}; by the log the largest max_model_len that fits is ${longest}`;
  const fix = `put --max-model-len ${longest} into --engine-args, or ${more}`;
  return { ...over("kv_cache", cause, fix), longestContext: longest };
}

/** The largest length that fits: as the log estimates it, or in proportion to the memory that it names. */
function suggestedLength(words: string, length: number): number | undefined {
  const said = /estimated maximum model length is (\d+)|can be stored in (?:the )?KV cache \((\d+)\)/.exec(words);
  if (said !== null) return Number(said[1] ?? said[2]) || undefined;
  const [needed, available] = [...words.matchAll(/([\d.]{1,20}) Gi?B/g)].map(([, gib]) => Number(gib));
  if (needed === undefined || available === undefined || needed === 0) return undefined;
  return Math.floor((length * available) / needed / BLOCK_TOKENS) * BLOCK_TOKENS || undefined;
}

/** What is before the weights says nothing of NCCL, which connects first and meets its first tensor later. */
const late = (stage: Stage | undefined) => (stage === "device" || stage === "load" ? undefined : stage);

const BATCH = "--max-num-seqs, --max-num-batched-tokens";
const AFTER_LOAD = "the GPU's memory ran out after the weights were loaded";

/** What ran out and what to do, by what the engine was doing. Only the KV cache obeys --gpu-memory-utilization. */
const WHERE: Record<Stage, (tool: string) => [cause: string, fix: string]> = {
  device: (tool) => [
    "the GPU's memory ran out before the weights were loaded: another process holds it",
    `end that process (${tool} shows it), or choose another GPU`,
  ],
  load: (tool) => [
    "the GPU's memory ran out while the weights were loaded",
    `spread the model over more GPUs (--tensor-parallel-size), quantize it, or free the GPU (${tool})`,
  ],
  profiling: () => [
    `${AFTER_LOAD}, in the warm-up (memory profiling)`,
    `lower ${BATCH} or --max-model-len in --engine-args, or spread the model over more GPUs (--tensor-parallel-size)`,
  ],
  kv_cache: () => [`${AFTER_LOAD}, when the KV cache was allocated`, "lower --gpu-memory-utilization in --engine-args"],
  graph_capture: () => [
    `${AFTER_LOAD}, in the warm-up (graph capture)`,
    "lower --gpu-memory-utilization or --max-num-seqs in --engine-args, or put --enforce-eager there",
  ],
  warm_up: () => [`${AFTER_LOAD}, in the warm-up`, `lower ${BATCH} or --gpu-memory-utilization in --engine-args`],
  connecting: (tool) => [
    "the GPU's memory ran out when NCCL connected the GPUs",
    `free the GPUs (${tool} shows what holds them), or lower --gpu-memory-utilization in --engine-args`,
  ],
  mid_run: () => ["the GPU's memory ran out in mid-run", `lower ${BATCH} or --gpu-memory-utilization in --engine-args`],
};

/** SGLang's and llama.cpp's arguments have other names, and change with them. */
const BY_OWN_OPTIONS =
  "lower the engine's own options for the cache, for requests at once or for graphs, or free the device";

function deviceMemoryOver({ phase, stage, message, foreign }: Context): Diagnosis {
  const where = phase === "mid-run" ? "mid_run" : (warmingUp(message, stage) ?? stage ?? "load");
  const [cause, fix] = WHERE[where](toolFor(message));
  return over(where, cause, foreign ? BY_OWN_OPTIONS : fix);
}

/** XLA captures no graphs: what is called so compiles. */
function warmingUp(message: string, stage: Stage | undefined): Stage | undefined {
  if (message.includes("warming up sampler") || message.includes("warming up pooler")) return "warm_up";
  return message.includes("RESOURCE_EXHAUSTED") && stage === "graph_capture" ? "warm_up" : undefined;
}

function toolFor(message: string): string {
  if (/\bHIP\b|\bhip[A-Z]|rocblas|ROCm/.test(message)) return "amd-smi";
  if (/\bXPU\b|OUT_OF_DEVICE_MEMORY|OUT_OF_RESOURCES/.test(message)) return "xpu-smi";
  if (/\bNPU\b|207001|EL0004/.test(message)) return "npu-smi";
  return /RESOURCE_EXHAUSTED|\bhbm\b|\bTPU\b/.test(message) ? "sudo lsof -w /dev/accel0 /dev/vfio/*" : "nvidia-smi";
}
