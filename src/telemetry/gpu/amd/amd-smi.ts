import { amdGpus, numberAt } from "../../../machine/gpu/amd-json.ts";
import { type GpuReading, gpuReading } from "../../../machine/gpu/reading.ts";
import type { FeedOptions, GpuFeed } from "../feed.ts";
import { pollFeed } from "../poll-feed.ts";

const ARGS = ["metric", "--power", "--clock", "--temperature", "--mem-usage", "--json"];

/** amd-smi, which takes rocm-smi's place since ROCm 6. */
export function amdFeed(options: FeedOptions): GpuFeed {
  return pollFeed(options, ARGS, amdReadings);
}

/** @returns undefined when there is no GPU in the answer */
export function amdReadings(answer: string): GpuReading[] | undefined {
  const readings = amdGpus(answer).flatMap(({ index, gpu }) => {
    const reading = gpuReading({
      index,
      powerW: numberAt(gpu, "power.socket_power", "power.current_socket_power", "power.average_socket_power"),
      clockMhz: numberAt(gpu, "clock.gfx_0.clk"),
      temperatureC: numberAt(gpu, "temperature.hotspot", "temperature.edge"),
      // Its MB are MiB: 196592 of an MI300X with 192 GiB.
      memoryUsedMib: numberAt(gpu, "mem_usage.used_vram"),
    });
    return reading ?? [];
  });
  return readings.length === 0 ? undefined : readings;
}
