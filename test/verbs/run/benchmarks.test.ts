import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { measureRun, planRun } from "../../../src/verbs/run/measure.ts";
import { run } from "../../../src/verbs/run/run.ts";
import { resolveInputs } from "../../../src/verbs/schema/resolve-inputs.ts";
import { readCells } from "../../../src/working-folder/cells.ts";
import { fakeOfflineEngine } from "../../support/fake-offline-engine.ts";

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

  test("may be throughput, whose cells come after the sweep's", async () => {
    const asked = { benchmarks: "throughput-benchmark,latency-sweep", throughputPrompts: "8", batchSizes: "1" };
    const ids = ["latency-sweep/in_16_out_4_bs_1", "throughput-benchmark/in_16_out_4_prompts_8"];
    expect(await planned(asked)).toEqual(ids);
    expect(await planned({ ...asked, engine: "vllm", model: "m" })).toEqual(ids);
  });

  test("come once each, in an order of their own", async () => {
    const ids = await planned({ benchmarks: "serve-benchmark,latency-sweep,serve-benchmark" });
    expect(ids).toEqual(await planned({}));
  });

  test.each(["", "sweep", "latency-sweep,serve"])("“%s” is refused with the names that there are", (benchmarks) => {
    expect(() => inputsOf({ benchmarks })).toThrow(/--benchmarks: (.*latency-sweep, .*serve-benchmark|must name)/);
  });
});

describe("sweep and throughput of the offline engine", () => {
  const OFFLINE = {
    engine: "vllm",
    model: "m",
    benchmarks: "latency-sweep,throughput-benchmark",
    throughputPrompts: 3,
  };

  async function measured(engineArgs: string, given: object = {}) {
    await using room = await fakeOfflineEngine();
    const { output, tools } = room;
    const inputs = inputsOf({ ...OFFLINE, output, engineArgs, ...given });
    await measureRun(await planRun(inputs), inputs, tools);
    const cells = await readCells(output);
    const logs = await readdir(join(output, "logs"));
    return { ends: cells.map((cell) => [basename(cell.id), "reason" in cell ? cell.reason : cell.status]), logs };
  }

  test("share one", async () => {
    const { ends, logs } = await measured("whole", { repeats: 2 });
    expect(ends).toEqual(
      ["in_16_out_4_bs_1", "in_16_out_4_bs_2", "in_16_out_4_prompts_3"].map((id) => [id, "measured"]),
    );
    expect(logs).toEqual(["latency-sweep.log"]);
  });

  test("do not share the fate of one that the sweep lost", async () => {
    const { ends, logs } = await measured("oom-death");
    expect(ends).toEqual([
      ["in_16_out_4_bs_1", "measured"],
      ["in_16_out_4_bs_2", "out_of_memory"],
      ["in_16_out_4_prompts_3", "measured"],
    ]);
    expect(logs).toEqual(["latency-sweep.log", "throughput-benchmark.log"]);
  });

  test("have one each beside a profiler", async () => {
    const { logs } = await measured("whole", { profile: true });
    expect(logs).toHaveLength(2);
  });
});
