import { brief, crash, lacks, type Sign } from "../sign.ts";

const LOOK =
  "check nvidia-smi; in a container install the NVIDIA container toolkit and make its runtime the default; without a GPU take a CPU build of the engine";
const TOOLS: [RegExp, string][] = [
  [
    /HIP|ROCm|kfd|amdgpu/i,
    "check amd-smi; in a container hand in --device /dev/kfd --device /dev/dri; your user must be in the groups video and render",
  ],
  [
    /XPU|level.?zero/i,
    "check xpu-smi; in a container hand in --device /dev/dri; your user must be in the group render",
  ],
  [
    /TPU|accel/,
    "check that this machine has a TPU (ls /dev/accel* /dev/vfio), and run the container with --privileged",
  ],
  [/NPU|davinci/i, "check npu-smi; in a container hand in the /dev/davinci devices"],
];

/** Words of vLLM's platforms, PyTorch, Triton, JAX and Docker. */
export const GPU_SIGNS: Sign[] = [
  {
    pattern:
      /[Qq]uantization (?:method (.{1,200}?)|scheme) is not supported for the current GPU\.? (?:Min(?:imum)?|Required) capability: (\d+)\.? Current capability: (\d+)/,
    explain: ([, method, needed, found]) =>
      lacks(
        `this GPU cannot do the quantization ${method ?? "of this model"}: it needs compute capability ${dotted(needed!)}, and this one has ${dotted(found!)}`,
        "take a newer GPU or another --quantization",
      ),
  },
  {
    pattern: /(\S{1,100}) quantization is currently not supported (?:in|on|for) ([^\n.]+)/,
    explain: ([, method, platform]) =>
      lacks(`the quantization ${method} is not supported on ${brief(platform!)}`, "choose another --quantization"),
  },
  {
    pattern: /Bfloat16 is only supported on GPUs with compute capability of at least 8\.0/i,
    explain: () =>
      lacks("this GPU has no bfloat16: that needs compute capability 8.0", "put --dtype half into --engine-args"),
  },
  {
    pattern: /FlashAttention only supports Ampere GPUs or newer|Sinks are only supported in FlashAttention 3/i,
    explain: () =>
      lacks(
        "this GPU is too old for the engine's FlashAttention",
        "choose another --attention-backend in --engine-args",
      ),
  },
  {
    pattern:
      /TPU is already in use|libtpu(?:\.so)? already in use|libtpu_lockfile|\/dev\/(?:vfio|accel)[^\n]{0,300}(?:busy|in use)/i,
    explain: () =>
      lacks(
        "another process holds the TPU",
        "end it (sudo lsof -w /dev/accel0 /dev/vfio/* shows it); if none does, remove /tmp/libtpu_lockfile",
      ),
  },
  {
    pattern:
      /CUDA-capable device(?:\(s\)|s)? (?:is\/are|are|is) (?:all )?(?:busy|unavailable)|CUDA-capable devices are busy or unavailable|cudaErrorDevicesUnavailable/,
    explain: () =>
      lacks(
        "the GPU is taken or closed to this process",
        "end what holds it (nvidia-smi shows it), and check its compute mode (nvidia-smi -q -d COMPUTE)",
      ),
  },
  {
    pattern:
      /invalid device ordinal|(?:local rank|device_id|Device index) \S* ?is out of (?:bounds|range)|hipErrorInvalidDevice\b/,
    explain: () =>
      lacks(
        "the engine is to run on more GPUs than it sees",
        "lower --tensor-parallel-size in --engine-args, or check CUDA_VISIBLE_DEVICES",
      ),
  },
  {
    pattern: /invalid literal for int\(\) with base 10: '((?:MIG|GPU)-[^']*)'/,
    explain: ([, id]) =>
      lacks(
        `this version of the engine does not take the GPU's id ${id}`,
        "name GPUs by number in CUDA_VISIBLE_DEVICES (0,1)",
      ),
  },
  {
    pattern:
      /Unable to open \/dev\/kfd[^\n]*|\/dev\/(?:kfd|dri\/\w+|accel\w{0,40}|vfio\S{0,40}|nvidia\w{0,40}|davinci\w{0,40})['"]?[^\n]{0,40}(?:[Pp]ermission denied|Operation not permitted)|Permission denied[^\n]{0,20}\/dev\/(?:kfd|dri|accel|vfio|nvidia|davinci)\S*/,
    explain: ([words]) => lacks(`the engine may not open the GPU (“${brief(words)}”)`, toolFor(words)),
  },
  {
    pattern:
      /Failed to infer device type|Platform not detected|No platform detected|Device string must not be empty|Found no NVIDIA driver on your system|No (?:CUDA|HIP|XPU|NPU|MUSA) (?:GPUs|devices) (?:are|is) available|[Nn]o (?:CUDA|ROCm)-capable device is detected|(?:cuda|hip)ErrorNoDevice|CUDA driver initialization failed|XPU device count is zero|No XPU devices? (?:found|available)|No (?:TPU|Gaudi|NPU) devices? (?:\w+ )?(?:found|available)|No \S+ device found|no available devices found|No accelerator \(CUDA, XPU, HPU|Unable to initialize backend 'tpu'|TPU initialization failed|Failed to get global TPU topology|0 active drivers|No supported gpu backend found|libcuda\.so(?:\.1)?[:!]? (?:cannot open shared object file|cannot found|not found)|NVML(?:Error)?[ _:]*(?:Shared Library Not Found|Driver Not Loaded|LibraryNotFound|DriverNotLoaded)|NVML Shared Library Not Found|nvml error: driver not loaded|could not select device driver "[^"]*" with capabilities: \[\[gpu\]\]|unknown or invalid runtime name: nvidia|has no attribute 'device_name'|UnspecifiedPlatform|initialization error: load library failed: libnvidia-ml\.so/i,
    hinted: true,
    explain: ([words], { warnings }) => lacks(`the engine sees no GPU (“${words}”)`, toolFor(words, warnings)),
  },
  {
    pattern: /type (fp8\w*) not supported in this architecture/,
    explain: ([, type]) =>
      lacks(
        `this GPU has no numbers of the type ${type}`,
        "take --kv-cache-dtype auto and weights of another quantization, or a newer GPU",
      ),
  },
  {
    pattern: /Failed to find a kernel that can implement the (\S+) linear layer/,
    explain: ([, scheme]) =>
      lacks(
        `none of the engine's kernels can do the quantization ${scheme} of this model here`,
        "the log says of each why; take weights of another quantization, or a GPU that it names",
      ),
  },
  {
    pattern:
      /\S[^\n]{0,60} is not implemented for (?:Blackwell|Hopper|Ampere|Ada|SM\d+)|No compiled \w+ for[^\n]{0,20} compute capability[^\n]*/,
    explain: ([words]) =>
      lacks(
        `this version of the engine lacks a kernel for this GPU (“${brief(words)}”)`,
        "take a newer engine, or weights of another quantization",
      ),
  },
  {
    pattern: /No valid attention backend found for (\w+)/,
    explain: ([, kind]) =>
      lacks(
        `none of the engine's attention backends (${kind}) can do this model with these arguments`,
        "the line says of each why; mostly another --kv-cache-dtype, --dtype or --block-size helps, or a newer GPU",
      ),
  },
  {
    pattern: /Memory access fault by GPU|hipErrorIllegalAddress|HIP error: an illegal memory access/,
    explain: () =>
      crash(
        "a kernel reached for memory of the GPU that is not its own",
        "take another version of the engine or of ROCm; --enforce-eager, or AMD_SERIALIZE_KERNEL=3, shows which kernel",
      ),
  },
  {
    pattern: /custom_all_reduce\.cuh:\d+ '[^'\n]+'/,
    explain: ([words]) =>
      crash(
        `vLLM's own all-reduce failed on these GPUs (“${words}”)`,
        "put --disable-custom-all-reduce into --engine-args",
      ),
  },
  {
    // The chip's registers and shared memory are meant: neither the GPU's memory nor /dev/shm.
    pattern: /out of resources?: ([\w ]{1,30}), Required: (\d+), Hardware limit: (\d+)/,
    explain: ([, resource, wanted, limit]) =>
      lacks(
        `this GPU is too small for a kernel of Triton, which wants ${wanted} of ${resource} on the chip and gets ${limit}`,
        "choose another --attention-backend or --quantization in --engine-args, or a newer engine; more memory does not help",
      ),
  },
  {
    pattern: /UVA is not available/,
    explain: () =>
      lacks("processor and GPU cannot share memory here (UVA), as under WSL", "run the engine on Linux itself"),
  },
  {
    pattern: /doesn't support querying the available free memory/,
    explain: () =>
      lacks(
        "this GPU, or its driver, does not tell how much memory is free",
        "update its driver; an integrated GPU may never tell it",
      ),
  },
  {
    pattern: /Cannot re-initialize CUDA in forked subprocess/,
    explain: () =>
      crash("CUDA was in use before the engine's processes were forked", "set VLLM_WORKER_MULTIPROC_METHOD=spawn"),
  },
];

/** Words that name no kind of GPU may come after a warning that does. */
function toolFor(words: string, warnings = ""): string {
  const told = /CUDA|NVIDIA|NVML/i.test(words) ? "" : warnings;
  const tool = [words, told].map((text) => TOOLS.find(([pattern]) => pattern.test(text))).find(Boolean);
  return tool?.[1] ?? LOOK;
}

/** 90 is compute capability 9.0. */
const dotted = (capability: string) => `${capability.slice(0, -1)}.${capability.slice(-1)}`;
