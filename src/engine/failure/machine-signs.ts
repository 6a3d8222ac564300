import { brief, type Sign } from "./sign.ts";

/** Sizes that fit most models with NCCL over several GPUs. */
const SHARED_MEMORY = "start the container with --shm-size=16g or --ipc=host";

/** Words of vLLM's platforms, PyTorch, the CUDA runtime and NVIDIA's container toolkit. */
export const GPU_SIGNS: Sign[] = [
  {
    pattern:
      /[Qq]uantization (?:method (.+?)|scheme) is not supported for the current GPU\.? (?:Min(?:imum)?|Required) capability: (\d+)\.? Current capability: (\d+)/,
    explain: ([, method, needed, found]) => ({
      reason: "environment",
      cause: `this GPU cannot do the quantization ${method ?? "of this model"}: it needs compute capability ${dotted(needed!)}, and this one has ${dotted(found!)}`,
      fix: "take a newer GPU or another --quantization",
    }),
  },
  {
    pattern: /(\S+) quantization is currently not supported (?:in|on|for) ([^\n.]+)/,
    explain: ([, method, platform]) => ({
      reason: "environment",
      cause: `the quantization ${method} is not supported on ${brief(platform!)}`,
      fix: "choose another --quantization",
    }),
  },
  {
    pattern: /Bfloat16 is only supported on GPUs with compute capability of at least 8\.0/i,
    explain: () => ({
      reason: "environment",
      cause: "this GPU has no bfloat16: that needs compute capability 8.0",
      fix: "put --dtype half into --engine-args",
    }),
  },
  {
    pattern: /unsatisfied condition: cuda\s*>=\s*([\d.]+)/,
    explain: ([, cuda]) => ({
      reason: "environment",
      cause: `the image needs a driver for CUDA ${cuda!.replace(/\.$/, "")}, and this one is older`,
      fix: "update the NVIDIA driver, or take an image of an earlier CUDA",
    }),
  },
  {
    pattern: /NVIDIA driver on your system is too old(?: \(found version (\d+)\))?/,
    explain: ([, version]) => ({
      reason: "environment",
      cause: `the NVIDIA driver is older than the CUDA that the engine was built for${supports(version)}`,
      fix: "update the NVIDIA driver, or install an engine that was built for an earlier CUDA",
    }),
  },
  {
    pattern:
      /driver version is insufficient for CUDA runtime version|unsupported display driver \/ cuda driver combination|provided PTX was compiled with an unsupported toolchain/,
    explain: () => ({
      reason: "environment",
      cause: "the NVIDIA driver does not fit the CUDA that the engine was built for",
      fix: "update the NVIDIA driver, or take an engine or image of an earlier CUDA",
    }),
  },
  {
    pattern:
      /Failed to infer device type|Platform not detected|No platform detected|Device string must not be empty|Found no NVIDIA driver on your system|No CUDA GPUs are available|libcuda\.so\.1: cannot open shared object file|could not select device driver "[^"]*" with capabilities: \[\[gpu\]\]/i,
    explain: ([words]) => ({
      reason: "environment",
      cause: `the engine sees no GPU (“${words}”)`,
      fix: "check nvidia-smi; in a container install the NVIDIA container toolkit and make its runtime the default; without a GPU take a CPU build of the engine",
    }),
  },
];

/** Words of NCCL, the C library, Docker and Python's multiprocessing. */
export const MACHINE_SIGNS: Sign[] = [
  {
    pattern: /World size \((\d+)\) is larger than the number of available GPUs \((\d+)\)/,
    explain: ([, wanted, found]) => ({
      reason: "environment",
      cause: `the engine is to run on ${wanted} GPUs, and this machine shows ${found}`,
      fix: "lower --tensor-parallel-size in --engine-args, or check CUDA_VISIBLE_DEVICES",
    }),
  },
  {
    pattern:
      /Error while creating shared memory segment \/dev\/shm\/nccl|\/dev\/shm[^\n]*No space left|\bBus error\b|SIGBUS/,
    explain: () => ({ reason: "environment", cause: "the shared memory in /dev/shm is too small", fix: SHARED_MEMORY }),
  },
  {
    pattern: /No space left on device|\[Errno 28\]|Not enough free disk space|Disk quota exceeded/,
    explain: () => ({
      reason: "environment",
      cause: "the disk is full",
      fix: "free space, or point HF_HOME (weights) and VLLM_CACHE_ROOT (compiled code) to a larger disk",
    }),
  },
  {
    pattern: /\[Errno 98\]|address already in use|EADDRINUSE/i,
    explain: () => ({
      reason: "environment",
      cause: "another program listens on the engine's port",
      fix: "stop it (ss -ltnp shows it) or choose another --port",
    }),
  },
  {
    pattern:
      /NCCL error[^\n]*|ncclUnhandled\w+|ncclSystemError|ncclInternalError|ncclRemoteError|DistBackendError: NCCL[^\n]*/,
    explain: ([words]) => ({
      reason: "engine_crashed",
      cause: `NCCL, which connects the GPUs, failed (“${brief(words)}”)`,
      fix: `set NCCL_DEBUG=INFO to see why; in a container ${SHARED_MEMORY}`,
    }),
  },
  {
    pattern: /manifest (?:for \S+ )?(?:not found|unknown)|pull access denied for \S+|No such image/,
    explain: ([words]) => ({
      reason: "image_missing",
      cause: `the registry does not give the image (“${brief(words)}”)`,
      fix: "check the image's name and tag; for a private one log in first (docker login)",
    }),
  },
  {
    pattern: /Out of memory: Killed process|oom-kill|exit ?code:? -9\b|died with signal 9|signal: 9 \(?SIGKILL/i,
    explain: () => ({
      reason: "out_of_memory",
      cause: "a process of the engine was killed by SIGKILL, as the kernel does when main memory runs out",
      fix: "look into dmesg, and take a machine or a container limit with more memory",
    }),
  },
];

/** 90 is compute capability 9.0. */
const dotted = (capability: string) => `${capability.slice(0, -1)}.${capability.slice(-1)}`;

/** 12020 is CUDA 12.2. */
function supports(version: string | undefined): string {
  if (version === undefined) return "";
  const number = Number(version);
  return ` (it knows CUDA up to ${Math.floor(number / 1000)}.${Math.floor((number % 1000) / 10)})`;
}
