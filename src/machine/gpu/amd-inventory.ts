import { amdGpus, numberAt, textAt } from "./amd-json.ts";
import { type Ask, type Inventory, told } from "./found-gpu.ts";

/**
 * `amd-smi static --json` tells all that does not change but the highest clock, which only `metric` has. No parts of it are
 * asked for by name: a guest refuses those that it does not have.
 */
export async function amdInventory(ask: Ask): Promise<Inventory> {
  const [facts, clocks] = await Promise.all([ask(["static", "--json"]), ask(["metric", "--clock", "--json"])]);
  const highest = new Map(
    amdGpus(clocks?.stdout ?? "").map(({ index, gpu }) => [index, numberAt(gpu, "clock.gfx_0.max_clk")]),
  );
  const found = amdGpus(facts?.stdout ?? "");
  const gpus = found.map(({ index, gpu }) =>
    told({
      index,
      name: textAt(gpu, "asic.market_name", "board.product_name") ?? "AMD GPU",
      uuid: textAt(gpu, "asic.asic_serial"),
      memoryMib: numberAt(gpu, "vram.size"),
      powerLimitW: numberAt(gpu, "limit.ppt0.socket_power_limit", "limit.socket_power", "limit.max_power"),
      maxClockMhz: highest.get(index),
    }),
  );
  const [first] = found;
  return { gpus, driver: (first && textAt(first.gpu, "driver.version", "driver.driver_version")) ?? null };
}
