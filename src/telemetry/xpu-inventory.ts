import type { Ask, Inventory } from "./gpu-inventory.ts";
import { told } from "./nvidia-inventory.ts";
import { jsonOf } from "./rocm-inventory.ts";

/** `xpu-smi discovery -j`: a list of devices, without the details that only a question for each one gives. */
export async function xpuInventory(ask: Ask): Promise<Inventory> {
  const { device_list: devices } = jsonOf((await ask(["discovery", "-j"]))?.stdout ?? "");
  const gpus = (Array.isArray(devices) ? devices : []).flatMap((device) => {
    const { device_id: index, device_name: name, uuid } = Object(device) as Record<string, unknown>;
    if (typeof index !== "number" || typeof name !== "string") return [];
    return [told({ index, name, uuid: typeof uuid === "string" ? uuid : undefined })];
  });
  return { gpus, driver: null };
}
