import { expect, test } from "vitest";
import { comparisonRun } from "../../../src/arms/report/comparison-run.ts";
import { inconsistencies } from "../../../src/result/checks/inconsistencies.ts";
import { liveComparison } from "../../support/arm-records.ts";
import { sampleRun } from "../../support/run-document.ts";

const run = comparisonRun(liveComparison, sampleRun);

test("a comparison is a run document of the base's engine and machine, with a cell for each metric of each arm", () => {
  expect(run).toMatchObject({ engine: sampleRun.engine, host: sampleRun.host, outcome: "failed" });
  expect(run.cells.map(({ id, status }) => [id, status])).toEqual([
    ["compare/fast_latency-sweep_in_8_out_4_bs_1_latency_s", "ok"],
    ["compare/broken_latency-sweep_in_8_out_4_bs_1_latency_s", "failed"],
    ["compare/null_latency-sweep_in_8_out_4_bs_1_latency_s", "ok"],
  ]);
  expect(run.cells[0]).toMatchObject({
    params: { arm: "fast", base: "base", metric: "latency_s", margin: 0.02 },
    metrics: { ratio: 0.9, ratio_low: 0.88, ratio_high: 0.92, blocks: 4 },
  });
  expect(run.cells[1]).toMatchObject({ reason: "patch_failed" });
});

test("the same comparison is the same document, whose cells agree with themselves", () => {
  expect(comparisonRun(liveComparison, sampleRun)).toEqual(run);
  expect(inconsistencies(run)).toEqual([]);
});
