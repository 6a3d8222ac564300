import { gpuInventory } from "../../machine/gpu/inventory.ts";
import type { Tools } from "../../tools.ts";
import type { EvaluateInputs } from "./inputs.ts";

/** Numbers of the GPUs that instances may have. */
export async function gpusOf({ gpus, runtime }: EvaluateInputs, { env, signal }: Tools): Promise<readonly string[]> {
  if (gpus !== "auto") return gpus;
  if (runtime === "local") return [];
  const { gpus: found = [], gpuCount } = await gpuInventory(env, signal);
  const count = gpuCount ?? found.length;
  return Array.from({ length: count }, (_, index) => String(index));
}
