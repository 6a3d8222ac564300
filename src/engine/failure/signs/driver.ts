import { lacks, type Sign } from "../sign.ts";

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
    pattern: /device kernel image is invalid|CUDA_ERROR_INVALID_IMAGE|cudaErrorInvalidKernelImage/,
    explain: () =>
      lacks(
        "a compiled kernel does not fit this GPU or its driver",
        "update the driver, or take an engine of an earlier CUDA; empty the caches of compiled code (~/.triton/cache, VLLM_CACHE_ROOT)",
      ),
  },
  {
    pattern: /NVMLError_Unknown|Failed to initialize NVML: Unknown Error/,
    explain: () =>
      lacks(
        "the driver does not answer, as in a container that lost its GPUs",
        "check nvidia-smi on the machine and in the container; start the container anew when only it fails",
      ),
  },
  {
    pattern:
      /uncorrectable ECC error|cudaErrorECCUncorrectable|Device lost|UR_RESULT_ERROR_DEVICE_LOST|GPU has fallen off the bus/i,
    explain: ([words]) =>
      lacks(`the GPU failed (“${words}”)`, "look into dmesg and the GPU's own tool; it needs a reset or is broken"),
  },
];

/** 12020 is CUDA 12.2. */
function supports(version: string | undefined): string {
  if (version === undefined) return "";
  const number = Number(version);
  return ` (it knows CUDA up to ${Math.floor(number / 1000)}.${Math.floor((number % 1000) / 10)})`;
}
