import { expect, test } from "vitest";
import { measuringJust, onlyCell } from "../../../src/verbs/bisect/only-cell.ts";
import { RunInputs } from "../../../src/verbs/run/inputs.ts";
import { planRun } from "../../../src/verbs/run/measure.ts";

test.each<[string, Record<string, unknown>]>([
  ["a sweep", { benchmarks: "latency-sweep", batchSizes: "1-3", inputLen: "8,16", iterations: 5, warmup: 2, seed: 7 }],
  ["a sweep of beams", { benchmarks: "latency-sweep", batchSizes: "1,2", n: 4, useBeamSearch: true }],
  ["a sweep with sampling", { benchmarks: "latency-sweep", temperature: "0.5,1", topP: "0.9", detokenize: false }],
  ["throughput", { benchmarks: "throughput-benchmark", throughputPrompts: "10,20", warmupRequests: 0 }],
  ["rates", { benchmarks: "serve-benchmark", pairs: "30:10,50:20", requestRate: "2,4", minutes: 0.5, burstiness: 2 }],
  ["a rate without limit", { benchmarks: "serve-benchmark", pairs: "30:10", requestRate: "inf", numPrompts: 20 }],
  ["concurrency", { benchmarks: "serve-benchmark", pairs: "30:10", concurrency: "1,2", duration: 5 }],
  ["starts", { benchmarks: "startup-benchmark", coldStarts: 2, warmStarts: 4 }],
])("each cell of %s can be measured alone, with the very same parameters", async (_, given) => {
  const inputs = RunInputs.parse({ engine: "simulated", ...given });
  const { cells } = await planRun(inputs);
  expect(cells.length).toBeGreaterThan(0);
  for (const cell of cells) {
    const alone = await planRun(await onlyCell(inputs, cell.id));
    expect(alone.cells).toEqual([cell]);
  }
});

test("a cell of a run is measured again as it was, whatever the inputs say", async () => {
  const asked = await planRun(RunInputs.parse({ benchmarks: "latency-sweep", batchSizes: 2, iterations: 4 }));
  const again = await measuringJust(asked.cells[0]!, RunInputs.parse({ batchSizes: "1-8", iterations: 30 }));
  expect((await planRun(again)).cells).toEqual(asked.cells);
});

test("what its parameters do not tell must be given, and is named", async () => {
  const { cells } = await planRun(
    RunInputs.parse({ benchmarks: "serve-benchmark", pairs: "8:4", rangeRatio: 0.5, concurrency: 1 }),
  );
  await expect(measuringJust(cells[0]!, RunInputs.parse({}))).rejects.toThrow(/cannot be measured again/);
});
