import { type Ask, type FoundGpu, type Inventory, told } from "./found-gpu.ts";
import { numberOf } from "./reading.ts";
import { jsonOf } from "./tool-json.ts";

type Json = Record<string, unknown>;
interface Found {
  gpu: FoundGpu;
  driver: string | undefined;
}

/** `xpu-smi discovery -j` lists the devices; only a question for each one tells its details, and another its limits. */
export async function xpuInventory(ask: Ask): Promise<Inventory> {
  const { device_list: devices } = await askJson(ask, "discovery");
  const found = await Promise.all((Array.isArray(devices) ? devices : []).map((one) => deviceOf(Object(one), ask)));
  const gpus = found.filter((one) => one !== undefined);
  return { gpus: gpus.map(({ gpu }) => gpu), driver: gpus[0]?.driver ?? null };
}

async function deviceOf(listed: Json, ask: Ask): Promise<Found | undefined> {
  const { device_id: index } = listed;
  if (typeof index !== "number" || typeof listed.device_name !== "string") return undefined;
  const [details, config] = await Promise.all([
    askJson(ask, "discovery", "-d", String(index)),
    askJson(ask, "config", "-d", String(index)),
  ]);
  const device = { ...listed, ...details };
  const number = (value: unknown) => numberOf(String(value));
  const bytes = number(device.memory_physical_size_byte);
  const gpu = told({
    index,
    name: listed.device_name,
    uuid: text(device.uuid),
    memoryMib: bytes === undefined ? undefined : Math.round(bytes / 1024 ** 2),
    powerLimitW: number(config.power_limit),
    maxClockMhz: number(device.core_clock_rate_mhz),
  });
  return { gpu, driver: text(device.driver_version) };
}

/** A device that a user may not ask answers with `error`. */
async function askJson(ask: Ask, ...args: string[]): Promise<Json> {
  return jsonOf((await ask([...args, "-j"]))?.stdout ?? "");
}

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);
