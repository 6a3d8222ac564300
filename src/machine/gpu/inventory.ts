import { createHash } from "node:crypto";
import type { GpuFacts } from "../../result/document/gpu-facts.ts";
import type { Run } from "../../result/document/run.ts";
import type { GpuTelemetry } from "../../result/document/telemetry.ts";
import { present } from "../../result/present.ts";
import { findProgram } from "../program.ts";
import { amdInventory } from "./amd-inventory.ts";
import type { Ask, FoundGpu, Inventory } from "./found-gpu.ts";
import { nvidiaInventory } from "./nvidia-inventory.ts";
import { rocmInventory } from "./rocm-inventory.ts";
import { askTool } from "./tool-process.ts";
import { visibleGpus } from "./visible-gpus.ts";
import { xpuInventory } from "./xpu-inventory.ts";

type ToolName = GpuTelemetry["tool"];

const INVENTORIES: Record<ToolName, (ask: Ask) => Promise<Inventory>> = {
  "nvidia-smi": nvidiaInventory,
  "amd-smi": amdInventory,
  "rocm-smi": rocmInventory,
  "xpu-smi": xpuInventory,
};

const LIMIT_MS = 10_000;

type HostGpus = Partial<Pick<Run["host"], "gpu" | "gpuCount" | "driver" | "gpus">>;

/**
 * The GPUs that the environment leaves to an engine, from the first of nvidia-smi, amd-smi, rocm-smi and xpu-smi that finds any.
 * Empty when none does. Never throws: a tool may hang in its driver.
 */
export async function gpuInventory(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<HostGpus> {
  for (const tool of Object.keys(INVENTORIES) as ToolName[]) {
    const program = findProgram(tool, env);
    if (program === undefined) continue;
    const { gpus, driver } = await INVENTORIES[tool]((args) => askTool({ program, args, env, signal }, LIMIT_MS));
    if (gpus.length === 0) continue;
    const isVisible = visibleGpus(tool, env);
    const visible = gpus.filter(({ mig, uuid, index }) =>
      isVisible({ index, ...present({ uuid }), ...(mig ? { split: true as const } : {}) }),
    );
    if (visible.length === 0) return { gpu: null, gpuCount: 0, driver };
    const names = [...new Set(visible.map(({ name }) => name))];
    return { gpu: names.join(" + "), gpuCount: visible.length, driver, gpus: visible.map(withoutUuid) };
  }
  return {};
}

/** A UUID would tell one machine's card from all others in the world; the hash tells only equal from different. */
function withoutUuid({ index: _, uuid, ...facts }: FoundGpu): GpuFacts {
  if (uuid === undefined) return facts;
  return { ...facts, uuidHash: createHash("sha256").update(uuid).digest("hex").slice(0, 16) };
}
