import { describe, expect, test } from "vitest";
import { planRun } from "../../src/verbs/measure-run.ts";
import { resolveInputs } from "../../src/verbs/resolve-inputs.ts";
import { run } from "../../src/verbs/run.ts";

const SMALL = { batchSizes: "1,2", inputLen: 16, outputLen: 4, pairs: "16:4", requestRate: 50, numPrompts: 10 };
const inputsOf = (given: object) => resolveInputs(run, { ...SMALL, ...given }, {}, {});
const planned = async (given: object) => (await planRun(inputsOf(given))).cells.map(({ id }) => id);

describe("the benchmarks of a run", () => {
  test("are the sweep and serving when nothing is said", async () => {
    expect(await planned({})).toEqual([
      "latency-sweep/in_16_out_4_bs_1",
      "latency-sweep/in_16_out_4_bs_2",
      "serve-benchmark/in_16_out_4_rate_50",
    ]);
  });

  test("can be one alone, whose lengths alone must fit the context", async () => {
    const context = { engineArgs: "--max-model-len 20" };
    expect(await planned({ ...context, benchmarks: "latency-sweep", pairs: "100:100" })).toHaveLength(2);
    await expect(planned({ ...context, benchmarks: "serve-benchmark", pairs: "100:100" })).rejects.toThrow("100");
  });

  test("come once each, in an order of their own", async () => {
    const ids = await planned({ benchmarks: "serve-benchmark,latency-sweep,serve-benchmark" });
    expect(ids).toEqual(await planned({}));
  });

  test.each(["", "sweep", "latency-sweep,serve"])("“%s” is refused with the names that there are", (benchmarks) => {
    expect(() => inputsOf({ benchmarks })).toThrow(/--benchmarks: (.*latency-sweep, .*serve-benchmark|must name)/);
  });
});
