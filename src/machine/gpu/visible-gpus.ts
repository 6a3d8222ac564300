import type { GpuTelemetry } from "../../result/document/telemetry.ts";
import type { GpuReading } from "./reading.ts";

const AMD = ["ROCR_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "CUDA_VISIBLE_DEVICES"];
const VARIABLES: Record<GpuTelemetry["tool"], string[]> = {
  "nvidia-smi": ["CUDA_VISIBLE_DEVICES"],
  "amd-smi": AMD,
  "rocm-smi": AMD,
  "xpu-smi": ["ZE_AFFINITY_MASK"],
};

/**
 * Which GPUs the environment leaves to an engine: all, or those of a list of numbers and UUIDs (or their beginnings).
 * As for CUDA the list ends at the first entry that is neither, so that an empty one leaves none.
 */
export function visibleGpus(tool: GpuTelemetry["tool"], env: NodeJS.ProcessEnv): (gpu: GpuReading) => boolean {
  const list = VARIABLES[tool].map((name) => env[name]).find((value) => value !== undefined);
  if (list === undefined) return () => true;
  const entries = list.split(",").map((entry) => entry.trim());
  const end = entries.findIndex((entry) => !/^(\d+(\.\d+)*|(MIG-|GPU-).+)$/.test(entry));
  const valid = end === -1 ? entries : entries.slice(0, end);
  return (gpu) => valid.some((entry) => names(entry, gpu));
}

/** `2`, `2.1` (a tile of it), `GPU-8932f937`, `MIG-GPU-8932f937-…/1/0`, or `MIG-…`, which names no GPU: any split one. */
function names(entry: string, { index, uuid, split }: GpuReading): boolean {
  if (/^\d/.test(entry)) return Number.parseInt(entry, 10) === index;
  if (entry.startsWith("GPU-")) return uuid?.startsWith(entry) ?? false;
  const parent = /^MIG-(GPU-[^/]+)/.exec(entry)?.[1];
  return parent === undefined ? split === true : parent === uuid;
}
