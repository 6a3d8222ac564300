import { brief, crash, lacks, type Sign } from "../sign.ts";

/** Words of the CUDA runtime, PyTorch and NVIDIA's container toolkit about a driver that does not fit. */
export const DRIVER_SIGNS: Sign[] = [
  {
    pattern: /unsatisfied condition: cuda\s*>=\s*([\d.]+)/,
    explain: ([, cuda]) =>
      lacks(
        `the image needs a driver for CUDA ${cuda!.replace(/\.$/, "")}, and this one is older`,
        "update the NVIDIA driver, or take an image of an earlier CUDA",
      ),
  },
  {
    pattern: /NVIDIA driver on your system is too old(?: \(found version (\d+)\))?/,
    explain: ([, version]) =>
      lacks(
        `the NVIDIA driver is older than the CUDA that the engine was built for${supports(version)}`,
        "update the NVIDIA driver, or install an engine that was built for an earlier CUDA",
      ),
  },
  {
    pattern: /system not yet initialized|cudaErrorSystemNotReady|CUDA_ERROR_SYSTEM_NOT_READY|\bError 802\b/,
    explain: () =>
      lacks(
        "the GPUs are not ready: the fabric manager, which runs their NVSwitches, does not run or has another version than the driver",
        "start it (systemctl start nvidia-fabricmanager), in the version of the driver",
      ),
  },
  {
    pattern: /forward compatibility was attempted on non supported HW|CompatNotSupportedOnDevice|\bError 804\b/,
    explain: () =>
      lacks(
        "the NVIDIA driver is older than the image's CUDA, and its compatibility libraries do not work on this GPU",
        "update the NVIDIA driver, or take an image of an earlier CUDA",
      ),
  },
  {
    pattern:
      /driver version is insufficient for CUDA runtime version|unsupported display driver ?\/ ?cuda driver combination|provided PTX was compiled with an unsupported toolchain|CUDA driver version is insufficient|\bError 803\b/,
    explain: () =>
      lacks(
        "the NVIDIA driver does not fit the CUDA that the engine was built for",
        "update the NVIDIA driver, or take an engine or image of an earlier CUDA",
      ),
  },
  {
    pattern: /driver\/library version mismatch/i,
    explain: () =>
      lacks(
        "the NVIDIA driver was updated, and the kernel still runs the old one",
        "restart the machine, or reload the NVIDIA kernel modules",
      ),
  },
  {
    pattern:
      /no kernel image is available for execution|cudaErrorNoKernelImage|hipErrorNoBinaryForGpu|HIP error: (?:invalid device function|no kernel image)|hipErrorInvalidDeviceFunction|No (?:HIP|ROCm) binary for|No supported CUDA architectures found/i,
    explain: () =>
      lacks(
        "the engine was not built for this GPU's architecture",
        "take a build of the engine that names it (compute capability of NVIDIA, gfx of AMD), or another GPU",
      ),
  },
  {
    pattern:
      /uncorrectable ECC error|cudaErrorECCUncorrectable|Device lost|UR_RESULT_ERROR_DEVICE_LOST|GPU has fallen off the bus/i,
    explain: ([words]) =>
      lacks(`the GPU failed (“${words}”)`, "look into dmesg and the GPU's own tool; it needs a reset or is broken"),
  },
];

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
      /[Qq]uantization (?:method (.+?)|scheme) is not supported for the current GPU\.? (?:Min(?:imum)?|Required) capability: (\d+)\.? Current capability: (\d+)/,
    explain: ([, method, needed, found]) =>
      lacks(
        `this GPU cannot do the quantization ${method ?? "of this model"}: it needs compute capability ${dotted(needed!)}, and this one has ${dotted(found!)}`,
        "take a newer GPU or another --quantization",
      ),
  },
  {
    pattern: /(\S+) quantization is currently not supported (?:in|on|for) ([^\n.]+)/,
    explain: ([, method, platform]) =>
      lacks(`the quantization ${method} is not supported on ${brief(platform!)}`, "choose another --quantization"),
  },
  {
    pattern: /Bfloat16 is only supported on GPUs with compute capability of at least 8\.0/i,
    explain: () =>
      lacks("this GPU has no bfloat16: that needs compute capability 8.0", "put --dtype half into --engine-args"),
  },
  {
    pattern: /FlashAttention only supports Ampere GPUs or newer/i,
    explain: () =>
      lacks("this GPU is too old for FlashAttention", "choose another --attention-backend in --engine-args"),
  },
  {
    pattern:
      /TPU is already in use|libtpu(?:\.so)? already in use|libtpu_lockfile|\/dev\/(?:vfio|accel)\S*[^\n]*(?:busy|in use)/i,
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
      /Unable to open \/dev\/kfd[^\n]*|\/dev\/(?:kfd|dri\/\w+|accel\w*|vfio\S*|nvidia\w*|davinci\w*)['"]?[^\n]{0,40}(?:[Pp]ermission denied|Operation not permitted)|Permission denied[^\n]{0,20}\/dev\/(?:kfd|dri|accel|vfio|nvidia|davinci)\S*/,
    explain: ([words]) => lacks(`the engine may not open the GPU (“${brief(words)}”)`, toolFor(words)),
  },
  {
    pattern:
      /Failed to infer device type|Platform not detected|No platform detected|Device string must not be empty|Found no NVIDIA driver on your system|No (?:CUDA|HIP|XPU|NPU|MUSA) (?:GPUs|devices) (?:are|is) available|[Nn]o (?:CUDA|ROCm)-capable device is detected|(?:cuda|hip)ErrorNoDevice|CUDA driver initialization failed|XPU device count is zero|No XPU devices? (?:found|available)|No (?:TPU|Gaudi|NPU) devices? (?:\w+ )?(?:found|available)|No \S+ device found|no available devices found|No accelerator \(CUDA, XPU, HPU|Unable to initialize backend 'tpu'|TPU initialization failed|Failed to get global TPU topology|0 active drivers|No supported gpu backend found|libcuda\.so(?:\.1)?[:!]? (?:cannot open shared object file|cannot found|not found)|NVML(?:Error)?[ _:]*(?:Shared Library Not Found|Driver Not Loaded|LibraryNotFound|DriverNotLoaded)|NVML Shared Library Not Found|nvml error: driver not loaded|could not select device driver "[^"]*" with capabilities: \[\[gpu\]\]|unknown or invalid runtime name: nvidia|has no attribute 'device_name'|UnspecifiedPlatform|initialization error: load library failed: libnvidia-ml\.so/i,
    hinted: true,
    explain: ([words]) => lacks(`the engine sees no GPU (“${words}”)`, toolFor(words)),
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

const toolFor = (words: string) => TOOLS.find(([pattern]) => pattern.test(words))?.[1] ?? LOOK;

/** 90 is compute capability 9.0. */
const dotted = (capability: string) => `${capability.slice(0, -1)}.${capability.slice(-1)}`;

/** 12020 is CUDA 12.2. */
function supports(version: string | undefined): string {
  if (version === undefined) return "";
  const number = Number(version);
  return ` (it knows CUDA up to ${Math.floor(number / 1000)}.${Math.floor((number % 1000) / 10)})`;
}
