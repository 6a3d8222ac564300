import { describe, expect, test } from "vitest";
import { addToRounds, type GpuReading, type GpuRound } from "../../../src/machine/gpu/reading.ts";
import { summarizeGpus } from "../../../src/telemetry/gpu/summary.ts";

const WINDOW = { fromMs: 0, toMs: 4000 };

/** Rounds a second apart, from 500 ms on. */
function rounds(...readings: Omit<GpuReading, "index">[][]): GpuRound[] {
  const all: GpuRound[] = [];
  for (const [second, gpus] of readings.entries()) {
    for (const [index, gpu] of gpus.entries()) addToRounds(all, { index, ...gpu }, 500 + second * 1000 + index);
  }
  return all;
}

const summarize = (all: GpuRound[], window = WINDOW) => summarizeGpus("nvidia-smi", all, window);

describe("readings of a cell", () => {
  test("are put together over the GPUs", () => {
    const busy = { clockMhz: 1900, temperatureC: 60, memoryUsedMib: 1000, throttling: [] };
    const hot = { clockMhz: 1500, temperatureC: 84, memoryUsedMib: 3000, throttling: ["software thermal slowdown"] };
    const one = [
      { powerW: 100, ...busy },
      { powerW: 300, ...busy },
    ];
    const two = [
      { powerW: 200, ...busy },
      { powerW: 600, ...hot },
    ];
    expect(summarize(rounds(one, two, one, two))).toEqual({
      gpu: {
        tool: "nvidia-smi",
        samples: 4,
        gpus: 2,
        powerW: { mean: 600, max: 800 },
        energyJ: 200 + 600 + 600 + 600 + 400,
        clockMhz: { mean: 1800, min: 1500 },
        temperatureC: { mean: 66, max: 84 },
        memoryUsedMib: { mean: 3000, max: 4000 },
        throttling: ["software thermal slowdown"],
      },
      throttled: [{ reason: "software thermal slowdown", samples: 2 }],
    });
  });

  test("count in the window only, which leaves the warm-up out", () => {
    const all = rounds([{ powerW: 700 }], [{ powerW: 700 }], [{ powerW: 100 }], [{ powerW: 100 }]);
    expect(summarize(all, { fromMs: 2500, toMs: 4000 })?.gpu).toEqual({
      tool: "nvidia-smi",
      samples: 2,
      gpus: 1,
      powerW: { mean: 100, max: 100 },
      energyJ: 150,
    });
  });

  test("tell no power when one GPU tells none: a sum of the others would be too low", () => {
    const told = summarize(rounds([{ powerW: 100 }, { clockMhz: 1 }], [{ powerW: 100 }, { clockMhz: 3 }]))!.gpu;
    expect(told).toEqual({ tool: "nvidia-smi", samples: 2, gpus: 2, clockMhz: { mean: 2, min: 1 } });
  });

  test("tell no power of a split GPU, which is the whole board's", () => {
    const told = summarize(rounds([{ powerW: 100, memoryUsedMib: 5, temperatureC: 50, split: true }]))!.gpu;
    expect(told).toEqual({ tool: "nvidia-smi", samples: 1, gpus: 1, temperatureC: { mean: 50, max: 50 } });
  });

  test("say that nothing slowed the clocks only when the tool tells such reasons", () => {
    expect(summarize(rounds([{ throttling: [] }]))!.gpu.throttling).toEqual([]);
    expect(summarize(rounds([{ clockMhz: 1 }]))!.gpu).not.toHaveProperty("throttling");
  });

  test("are nothing when none fell into the window", () => {
    expect(summarize([])).toBeUndefined();
    expect(summarize(rounds([{ powerW: 1 }]), { fromMs: 0, toMs: 400 })).toBeUndefined();
  });
});
