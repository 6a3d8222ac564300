import { expect, test } from "vitest";
import { type EngineTelemetry, type GpuTelemetry, Telemetry } from "../../../src/result/document/telemetry.ts";
import { mergeTelemetry } from "../../../src/result/measure/telemetry-merge.ts";

const ENGINE: EngineTelemetry = {
  samples: 10,
  running: { mean: 4, max: 8 },
  waiting: { mean: 0, max: 0 },
  kvCacheUsage: { mean: 0.5, max: 0.6 },
  preemptions: 1,
  prefixCacheQueryTokens: 100,
  prefixCacheHitTokens: 10,
};
const GPU: GpuTelemetry = {
  tool: "nvidia-smi",
  samples: 10,
  gpus: 1,
  powerW: { mean: 400, max: 500 },
  energyJ: 4000,
  clockMhz: { mean: 1700, min: 1500 },
  temperatureC: { mean: 60, max: 70 },
  memoryUsedMib: { mean: 70_000, max: 71_000 },
  throttling: [],
};
const of = (changes: Partial<Telemetry>): Telemetry => ({ warnings: [], ...changes });

/** @throws when the merged is not what a document may hold */
function merged(...all: Telemetry[]): Telemetry {
  return Telemetry.parse(mergeTelemetry(all));
}

test("nothing comes of nothing, and one is itself", () => {
  expect(mergeTelemetry([])).toBeUndefined();
  const one = of({ engine: ENGINE, warnings: ["a", "a"] });
  expect(mergeTelemetry([one])).toBe(one);
});

test("counters add up; levels are weighted by their samples, with the highest of all", () => {
  const other = { ...ENGINE, samples: 30, running: { mean: 8, max: 9 }, preemptions: 2, prefixCacheHitTokens: 20 };
  expect(merged(of({ engine: ENGINE }), of({ engine: other })).engine).toMatchObject({
    samples: 40,
    running: { mean: 7, max: 9 },
    preemptions: 3,
    prefixCacheQueryTokens: 200,
    prefixCacheHitTokens: 30,
  });
});

test("of parts with more GPUs than others the most count, and clocks are those of the parts that have them", () => {
  const { clockMhz: _, ...unclocked } = GPU;
  const { gpu } = merged(of({ gpu: { ...unclocked, gpus: 2 } }), of({ gpu: GPU }));
  expect(gpu).toMatchObject({ gpus: 2, clockMhz: { mean: 1700, min: 1500 } });
  expect(merged(of({ gpu: unclocked }), of({ gpu: unclocked })).gpu).not.toHaveProperty("clockMhz");
});

test("energy adds up, clocks keep their lowest, reasons are said once", () => {
  const hot = { ...GPU, clockMhz: { mean: 1500, min: 1200 }, throttling: ["thermal", "power cap"] };
  const { gpu } = merged(of({ gpu: GPU }), of({ gpu: hot }), of({ gpu: hot }));
  expect(gpu).toMatchObject({
    tool: "nvidia-smi",
    samples: 30,
    energyJ: 12_000,
    powerW: { mean: 400, max: 500 },
    throttling: ["thermal", "power cap"],
  });
  expect(gpu!.clockMhz!.min).toBe(1200);
  expect(gpu!.clockMhz!.mean).toBeCloseTo((1700 + 2 * 1500) / 3, 9);
});

test("a sum is absent where one part does not know: some would look like all", () => {
  const { energyJ, ...mute } = GPU;
  const { preemptions, ...silent } = ENGINE;
  const { gpu, engine } = merged(of({ gpu: GPU, engine: ENGINE }), of({ gpu: mute, engine: silent }));
  expect(gpu).not.toHaveProperty("energyJ");
  expect(engine).not.toHaveProperty("preemptions");
});

test("a level is that of the parts that know it, and absent where none does", () => {
  const { running, waiting, ...rest } = ENGINE;
  const { engine } = merged(of({ engine: ENGINE }), of({ engine: { ...rest, waiting: waiting! } }));
  expect(engine!.running).toEqual(running);
  expect(merged(of({ engine: rest }), of({ engine: rest })).engine).not.toHaveProperty("waiting");
});

test("shares of samples in a warning become one share of all samples", () => {
  const warning = (share: string) =>
    `The GPU lowered its clocks: thermal (${share} of 10 samples), reason 0x200 (1 of 10 samples).`;
  const some = [warning("3"), warning("4")].map((text) => of({ gpu: GPU, warnings: [text] }));
  expect(merged(...some, of({ gpu: GPU })).warnings).toEqual([
    "The GPU lowered its clocks: thermal (7 of 30 samples), reason 0x200 (2 of 30 samples).",
  ]);
});

test("throttling is unknown only where no tool told", () => {
  const { throttling, ...untold } = GPU;
  expect(merged(of({ gpu: untold }), of({ gpu: untold })).gpu).not.toHaveProperty("throttling");
  expect(merged(of({ gpu: untold }), of({ gpu: GPU })).gpu!.throttling).toEqual([]);
});

test("parts without a sample do not divide by nothing", () => {
  const none = { ...ENGINE, samples: 0 };
  expect(merged(of({ engine: none }), of({ engine: none })).engine!.running).toEqual({ mean: 4, max: 8 });
});

test("engine or GPU may be known of some measurements alone, and each warning is given once", () => {
  const all = merged(of({ engine: ENGINE, warnings: ["a"] }), of({ gpu: GPU, warnings: ["a", "b"] }));
  expect([all.engine, all.gpu, all.warnings]).toEqual([ENGINE, GPU, ["a", "b"]]);
});
