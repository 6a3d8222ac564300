import { describe, expect, test } from "vitest";
import { differenceOf } from "../../../src/arms/states/differences.ts";
import { armRecord, servingCell } from "../../support/arm-records.ts";
import { sampleRun } from "../../support/run-document.ts";

const { engine, model, host } = sampleRun;
const base = armRecord({});
const withArgs = (own: string[], all: string[] = own) =>
  armRecord({ name: "arm", engineArgs: own }, {}, { run: { engine: { ...engine, args: all } } });

test("arms that differ in nothing but their numbers have no difference", () => {
  expect(differenceOf(base, armRecord({ name: "arm" }, { throughput: 200 }))).toBeUndefined();
});

describe("an engine argument", () => {
  test("that the arm declares is what is compared", () => {
    expect(differenceOf(base, withArgs(["--max-num-seqs", "64"]))).toBeUndefined();
    expect(differenceOf(base, withArgs(["--max-model-len=2048"]))).toBeUndefined();
  });

  test("that nobody declared is a difference", () => {
    expect(differenceOf(base, withArgs([], ["--enforce-eager"]))).toBe("--enforce-eager added");
  });
});

test.each([
  ["model", { model: { ...model, name: "other" } }, "model: meta-llama/Llama-3.1-8B-Instruct → other"],
  ["type", { model: { ...model, dtype: "float16" } }, "dtype: bfloat16 → float16"],
  ["GPU", { host: { ...host, gpuCount: 2 } }, "GPU: 1 × NVIDIA H100 80GB HBM3 → 2 × NVIDIA H100 80GB HBM3"],
  [
    "way that its server takes requests",
    { cells: [{ ...servingCell({}), params: { requestRate: 10, ignoreEos: false } }] },
    "serve-benchmark/in_16_out_16_rate_10: ignoreEos none → false",
  ],
])("another %s is named", (_, run, difference) => {
  expect(differenceOf(base, armRecord({ name: "arm" }, {}, { run }))).toBe(difference);
});

test("a build that was renewed in between is no arm", () => {
  const arm = armRecord({ name: "arm" });
  const measured = arm.measured.map((one, index) =>
    index < 4 ? one : { ...one, run: { ...one.run, engine: { ...engine, version: "0.33.0" } } },
  );
  expect(differenceOf(base, { ...arm, measured })).toBe(
    "arm was not the same build all along: version 0.32.0, then 0.33.0",
  );
});
