import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { EngineRecord } from "../../../src/result/document/engine-record.ts";
import { gateCell } from "../../../src/result/gate/gate.ts";
import { readVllmResults } from "../../../src/result/vllm/result.ts";
import { latencySweep } from "../../../src/verbs/latency-sweep/latency-sweep.ts";
import { plannedThroughput } from "../../../src/verbs/sweep/throughput-plan.ts";
import { throughputBenchmark } from "../../../src/verbs/throughput-benchmark/throughput-benchmark.ts";
import { readCells } from "../../../src/working-folder/cells.ts";
import { fakeOfflineEngine } from "../../support/fake-offline-engine.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import { simulatedEngine } from "../../support/simulated-room.ts";

const SMALL = { throughputPrompts: "2,4", inputLen: 8, outputLen: 3, warmupRequests: 1, clientLimits: "off" };

const measure = (given: object, tools = recordingTools()) =>
  throughputBenchmark.run(throughputBenchmark.inputs.parse({ ...SMALL, ...given }), tools);
const planned = (given: object, mode: "offline" | "server" = "offline") =>
  plannedThroughput(throughputBenchmark.inputs.parse({ ...SMALL, ...given }), mode);

async function offlineRoom(story: string) {
  const room = await fakeOfflineEngine();
  const { output, tools } = room;
  return {
    ...room,
    raw: async () => (await readdir(join(output, "raw"))).filter((name) => /^throughput_/.test(name)).sort(),
    measure: (given: object = {}) =>
      measure({ output, mode: "offline", model: "m", engineArgs: [story], ...given }, tools),
    cells: () => readCells(output),
  };
}

describe("throughput of the offline engine", () => {
  test("and a sweep in one folder are of engines that were started alike, or the second is refused", async () => {
    await using room = await offlineRoom("whole");
    const { output, tools } = room;
    await room.measure({ throughputPrompts: 2 });
    const sweep = (engineArgs: string[]) =>
      latencySweep.run(
        latencySweep.inputs.parse({
          ...{ output, mode: "offline", model: "m", engineArgs, batchSizes: 1, inputLen: 8, outputLen: 3 },
          ...{ warmup: 0, iterations: 1 },
        }),
        tools,
      );
    await expect(sweep(["other"])).rejects.toThrow(/cells of throughput-benchmark from another engine \(m whole\)/);
    expect(await sweep(["whole"])).toMatchObject({ outputs: { cellsFailed: 0 } });
    expect((await room.cells()).map(({ benchmark }) => benchmark)).toEqual(["latency-sweep", "throughput-benchmark"]);
    await expect(room.measure({ engineArgs: ["other"] })).rejects.toThrow(/cells of latency-sweep from another engine/);
  });

  test("is one time for all requests, with vLLM's and PyTorch's files beside, and the engine's record", async () => {
    await using room = await offlineRoom("whole");
    expect(await room.measure()).toMatchObject({ ok: true, outputs: { cellsOk: 2, cellsFailed: 0 } });
    const [, cell] = await room.cells();
    expect(cell).toMatchObject({
      id: "throughput-benchmark/in_8_out_3_prompts_4",
      params: { mode: "offline", numPrompts: 4, inputLen: 8, outputLen: 3, prefixCaching: false, temperature: 1 },
      warmupSeconds: 0.5,
      measuredSeconds: 1.4,
      measurement: { kind: "batch", durationS: 1.4, inputTokens: [8, 8, 8, 8], outputTokens: [3, 3, 3, 3] },
    });
    expect(gateCell(cell!)).toMatchObject({
      status: "ok",
      metrics: {
        duration_s: 1.4,
        completed: 4,
        request_throughput_req_s: 4 / 1.4,
        output_throughput_tok_s: 12 / 1.4,
        total_token_throughput_tok_s: 44 / 1.4,
      },
    });
    const names = ["prompts_2", "prompts_4"].map((name) => `throughput_in_8_out_3_${name}`);
    expect(await room.raw()).toEqual(names.flatMap((name) => [`${name}.json`, `${name}.pytorch.json`]));
    const text = await readFile(join(room.output, "raw", `${names[1]}.json`), "utf8");
    expect(readVllmResults(text, "a file")).toMatchObject([{ kind: "throughput", numRequests: 4, totalTokens: 44 }]);
    const records = JSON.parse(await readFile(join(room.output, "raw", `${names[1]}.pytorch.json`), "utf8"));
    expect(records).toMatchObject([
      { metric: { name: "requests_per_second", benchmark_values: [4 / 1.4] } },
      { metric: { name: "tokens_per_second", benchmark_values: [44 / 1.4], extra_info: { num_requests: 4 } } },
    ]);
    const engine = EngineRecord.parse(JSON.parse(await readFile(join(room.output, "engine-offline.json"), "utf8")));
    expect(engine).toMatchObject({ kind: "vllm", version: "0.32.0", secondsToReady: 12.5 });
  });

  test("of several repeats is their median, and every repeat is kept", async () => {
    await using room = await offlineRoom("whole");
    await room.measure({ repeats: 3, throughputPrompts: 2 });
    const [cell] = await room.cells();
    expect(cell).toMatchObject({ measurement: { kind: "repeated", repeats: Array(3).fill({ kind: "batch" }) } });
    const gated = gateCell(cell!);
    expect(gated).toMatchObject({ metrics: { request_throughput_req_s: 2 / 1.21 }, repeats: { count: 3 } });
    expect(await room.raw()).toHaveLength(6);
    await room.measure({ throughputPrompts: 4 });
    expect(await room.raw()).toHaveLength(8);
    await room.measure({ throughputPrompts: 4, clean: true });
    expect(await room.raw()).toHaveLength(2);
  });

  test.each([
    ["oom", ["measured", "out_of_memory", "measured"]],
    ["oom-death", ["measured", "out_of_memory", "out_of_memory"]],
    ["bad-flag", Array(3).fill("engine_crashed")],
  ])("an engine that ends as “%s” leaves what was measured good, and every cell its class", async (story, ends) => {
    await using room = await offlineRoom(story);
    expect(await room.measure({ throughputPrompts: "2,4,8" })).toMatchObject({ ok: false });
    expect((await room.cells()).map((cell) => ("reason" in cell ? cell.reason : cell.status))).toEqual(ends);
    expect(existsSync(join(room.output, "driver.json"))).toBe(false);
  });
});

describe("throughput of a server", () => {
  test("is that of all requests sent at once, once or more often", async () => {
    await using room = await simulatedEngine();
    const { output } = room;
    expect(await measure({ output, repeats: 2, throughputPrompts: "2,40" })).toMatchObject({ ok: true });
    const [small, large] = await room.cells();
    expect(small).toMatchObject({ id: "throughput-benchmark/in_8_out_3_prompts_2", params: { mode: "server" } });
    const batch = { kind: "batch", inputTokens: Array(40).fill(8), outputTokens: Array(40).fill(3) };
    expect(large).toMatchObject({ measurement: { kind: "repeated", repeats: [batch, batch] }, telemetry: {} });
    expect(gateCell(large!)).toMatchObject({ status: "ok", metrics: { completed: 80 }, repeats: { count: 2 } });
    expect(existsSync(join(output, "raw/throughput_in_8_out_3_prompts_40_repeat_2.json"))).toBe(true);
  });

  test("with a request that failed is no number, but says which and why", async () => {
    await using room = await simulatedEngine("--fail-every", "3");
    expect(await measure({ output: room.output, throughputPrompts: 4, warmupRequests: 0 })).toMatchObject({
      ok: false,
    });
    expect(await room.gated()).toMatchObject([
      { status: "failed", reason: "incomplete_requests", detail: expect.stringContaining("1 of 4 requests failed") },
    ]);
  });
});

describe("the cells of a throughput benchmark", () => {
  test("are a grid, those first that need the least memory", () => {
    const grid = planned({ throughputPrompts: "100,1000", inputLen: "16,64", outputLen: 4, n: "1,2" });
    expect(grid).toHaveLength(8);
    expect(grid.at(0)!.plan.id).toBe("throughput-benchmark/in_16_out_4_prompts_100");
    expect(grid.at(-1)!.plan.id).toBe("throughput-benchmark/in_64_out_4_prompts_1000_n_2");
  });

  test.each([
    [{ n: 2, temperature: 0 }, "offline", /--temperature 0 gives the same/],
    [
      { n: 2, topP: 0.9, detokenize: false },
      "server",
      /throughput with --n, --top-p, --no-detokenize needs the offline/,
    ],
  ] as const)("%j is refused with what to do (%s)", (given, mode, message) => {
    expect(() => planned(given, mode)).toThrow(message);
  });
});
