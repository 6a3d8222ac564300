import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { UsageError } from "../../../src/errors.ts";
import { Cell } from "../../../src/result/document/cell.ts";
import { servingInputs } from "../../../src/verbs/serve-benchmark/inputs.ts";
import { planServing, servingCells } from "../../../src/verbs/serve-benchmark/plan.ts";

const inputs = (given: object = {}) => z.strictObject(servingInputs).parse(given);
const plan = (given: object = {}) => planServing(inputs(given));
const cellsOf = (given: object = {}) => servingCells(inputs(given));
const only = async (given: object) => (await cellsOf({ pairs: "30:10", ...given }))[0]!;
const refusal = async (given: object) => {
  const error = await plan(given).catch((reason) => reason);
  expect(error).toBeInstanceOf(UsageError);
  return (error as Error).message;
};

test("by default plans five pairs that offer 5000 tokens a second for three minutes each", async () => {
  const rows = (await plan()).map(({ id, params: { inputLen, outputLen, requestRate, numPrompts } }) => [
    id,
    inputLen,
    outputLen,
    requestRate,
    numPrompts,
  ]);
  expect(rows).toEqual([
    ["serve-benchmark/in_300_out_100_rate_12.5", 300, 100, 12.5, 2250],
    ["serve-benchmark/in_500_out_200_rate_7.14", 500, 200, 7.14, 1285],
    ["serve-benchmark/in_800_out_300_rate_4.55", 800, 300, 4.55, 819],
    ["serve-benchmark/in_1000_out_200_rate_4.17", 1000, 200, 4.17, 751],
    ["serve-benchmark/in_2000_out_400_rate_2.08", 2000, 400, 2.08, 374],
  ]);
});

test("records all that decides the load", async () => {
  expect((await only({ pairs: "300:100" })).plan.params).toEqual({
    inputLen: 300,
    outputLen: 100,
    requestRate: 12.5,
    burstiness: 1,
    numPrompts: 2250,
    warmupRequests: 10,
    seed: expect.any(Number),
    temperature: 0,
  });
});

test("gives the load generator what it records", async () => {
  for (const { plan: cell, load } of await cellsOf({ pairs: "30:10,50:20", requestRate: "2.5", maxConcurrency: 8 })) {
    const { inputLen, outputLen, numPrompts, warmupRequests, seed } = cell.params;
    expect(load).toMatchObject({
      warmupRequests,
      seed,
      bound: { kind: "requests", count: numPrompts },
      prompts: { kind: "random", inputLen, outputLen, rangeRatio: 0, sharedPrefix: 0 },
      load: { kind: "open-loop", arrivals: { kind: "rate", requestRate: 2.5, burstiness: 1 }, maxConcurrency: 8 },
    });
    expect(cell.id).toMatch(/_rate_2.5_max_8$/);
    expect(cell.params.maxConcurrency).toBe(8);
  }
});

describe("a closed loop", () => {
  test("has a cell for every pair and concurrency, with ten prompts for each open request", async () => {
    const cells = await plan({ pairs: "30:10,50:20", concurrency: "1,4" });
    expect(cells.map(({ id, params }) => [id, params.concurrency, params.numPrompts])).toEqual([
      ["serve-benchmark/in_30_out_10_concurrency_1", 1, 10],
      ["serve-benchmark/in_30_out_10_concurrency_4", 4, 40],
      ["serve-benchmark/in_50_out_20_concurrency_1", 1, 10],
      ["serve-benchmark/in_50_out_20_concurrency_4", 4, 40],
    ]);
    expect(cells[0]?.params).not.toHaveProperty("requestRate");
  });

  test("goes on for a duration instead, whose requests nobody can count beforehand", async () => {
    const { plan: cell, load } = await only({ concurrency: "4", duration: "30" });
    expect(load.bound).toEqual({ kind: "seconds", seconds: 30 });
    expect(cell.params).toMatchObject({ concurrency: 4, durationS: 30 });
    expect(cell.params).not.toHaveProperty("numPrompts");
  });

  test("is warmed up with as many requests as it holds open, at least ten", async () => {
    const warmup = async (given: object) => (await only(given)).load.warmupRequests;
    expect([await warmup({ concurrency: "64" }), await warmup({ concurrency: "2" })]).toEqual([64, 10]);
    expect(await warmup({ concurrency: "64", warmupRequests: "3" })).toBe(3);
  });
});

test("all at once is a rate of inf, with as many requests as said", async () => {
  expect((await only({ requestRate: "inf", numPrompts: 100 })).plan).toMatchObject({
    id: "serve-benchmark/in_30_out_10_rate_inf",
    params: { requestRate: "inf", numPrompts: 100 },
  });
});

test("minutes, tokens a second and prompts are options; a short cell still has a request", async () => {
  const prompts = async (given: object) =>
    (await plan({ pairs: "300:100", ...given })).map(({ params }) => [params.requestRate, params.numPrompts]);
  expect(await prompts({ minutes: 0.1 })).toEqual([[12.5, 75]]);
  expect(await prompts({ tokensPerSecond: 400 })).toEqual([[1, 180]]);
  expect(await prompts({ numPrompts: 7 })).toEqual([[12.5, 7]]);
  expect(await prompts({ minutes: 0.0001 })).toEqual([[12.5, 1]]);
});

test("every cell has a seed of its own, which the user's seed changes and nothing else does", async () => {
  const seeds = async (given: object) => (await plan(given)).map(({ params }) => params.seed);
  expect(new Set([...(await seeds({})), ...(await seeds({ seed: 1 }))]).size).toBe(10);
  expect(await seeds({ minutes: 1 })).toEqual(await seeds({}));
});

test("ids are ids that a cell may have", async () => {
  const odd = [
    { pairs: "3:1", requestRate: "0.001", numPrompts: 1 },
    { pairs: "3:1", requestRate: "1", burstiness: "0.5", rangeRatio: "0.25", sharedPrefix: 1, endpoint: "chat" },
    { pairs: "3:1", bursts: "50@0.5" },
    { pairs: "3:1", ramp: "0.5:20", maxConcurrency: 3 },
    { pairs: "3:1", find: "max-rate", slo: "ttft_ms.p99<500" },
  ];
  for (const { id } of [...(await plan()), ...(await Promise.all(odd.map(plan))).flat()]) {
    expect(Cell.options[0].shape.id.safeParse(id).success).toBe(true);
  }
});

describe("inputs that contradict each other are refused, saying what to do", () => {
  test.each([
    [{ requestRate: "1", concurrency: "2" }, "give one of --request-rate (with a limit: --max-concurrency) and --conc"],
    [{ ramp: "1:2", bursts: "5@1" }, "give one of --ramp and --bursts"],
    [{ duration: "5" }, "--duration goes with --concurrency"],
    [{ concurrency: "2", duration: "5", numPrompts: "3" }, "give --duration or --num-prompts, not both"],
    [
      { concurrency: "2", burstiness: "0.5" },
      "--burstiness goes with a request rate or a ramp, not with --concurrency",
    ],
    [{ sharedPrefix: "300", pairs: "300:1" }, "The shared prefix is 300 tokens and the shortest prompt 300"],
    [{ repeats: "3", untilCi: "3%" }, "give --repeats or --until-ci, not both"],
    [{ untilCi: "3%", ciMetric: "speed" }, "--ci-metric: unknown metric “speed”"],
    [{ slo: "ttft_ms.p99<500" }, "--slo ttft_ms.p99<500 is a limit of a whole cell and goes with --find"],
    [{ find: "max-rate" }, "--find needs --slo"],
    [{ find: "max-rate", slo: "ttft_ms<500" }, "--find needs --slo"],
    [{ find: "max-rate", slo: "ttft_ms.p99<500", concurrency: "2" }, "--find max-rate goes with a --request-rate"],
    [{ find: "max-concurrency", slo: "ttft_ms.p99<500", requestRate: "2" }, "goes with --concurrency"],
    [{ find: "max-rate", slo: "ttft_ms.p99<500", requestRate: "1,2" }, "starts from one level"],
    [
      { find: "max-concurrency", slo: "ttft_ms.p99<500", numPrompts: "10" },
      "leave out --num-prompts (10 × concurrency)",
    ],
    [{ find: "max-rate", slo: "ttft_ms.p99<500", repeats: "2" }, "measures each level once"],
    [{ client: "vllm", endpoint: "chat", ramp: "1:2" }, "--client vllm cannot do --endpoint, --ramp"],
    [{ concurrency: "2", maxConcurrency: "2" }, "--max-concurrency goes with a request rate"],
    [{ requestRate: "inf" }, "say how many requests with --num-prompts"],
    [{ pairs: "3:1,3:1" }, "--pairs names a pair twice"],
    [{ pairs: "900000:300000" }, "--tokens-per-second 5000 is too little for in_900000_out_300000"],
  ])("%j", async (given, message) => expect(await refusal(given)).toContain(message));
});

test.each(["0", "-1", "fast", "1e3", "", 0, Number.NaN])("a request rate of %j is refused", (requestRate) => {
  const result = z.strictObject(servingInputs).safeParse({ requestRate });
  expect(result.success).toBe(false);
});

test("a request rate that is no number says what it must be", () => {
  const result = z.strictObject(servingInputs).safeParse({ requestRate: "-1" });
  expect(result.error?.issues[0]?.message).toBe("must be a number above 0, or inf");
});

describe("each kind of load", () => {
  test("rates: one cell each", async () => {
    const ids = (await plan({ pairs: "30:10", requestRate: "4,1,inf", numPrompts: 8 })).map(({ id }) => id);
    expect(ids.map((id) => id.split("rate_")[1])).toEqual(["1", "4", "inf"]);
  });

  test.each([
    ["0.5", "rate_2_burstiness_0.5", 0.5, 0.5],
    ["inf", "rate_2_constant", Number.POSITIVE_INFINITY, "inf"],
  ])("a burstiness of %s", async (burstiness, name, shape, recorded) => {
    const { plan: cell, load } = await only({ requestRate: "2", burstiness });
    expect(cell.id.endsWith(name)).toBe(true);
    expect(load.load).toMatchObject({ arrivals: { kind: "rate", burstiness: shape } });
    expect(cell.params.burstiness).toBe(recorded);
  });

  test("a ramp goes on for the minutes", async () => {
    const { plan: cell, load } = await only({ ramp: "1:20", minutes: "0.5" });
    expect(cell).toMatchObject({
      id: "serve-benchmark/in_30_out_10_ramp_1_20",
      params: { rampFrom: 1, rampTo: 20, minutes: 0.5 },
    });
    expect(load.bound).toEqual({ kind: "seconds", seconds: 30 });
    expect(load.load).toMatchObject({
      arrivals: { kind: "ramp", fromRate: 1, toRate: 20, seconds: 30, burstiness: 1 },
    });
  });

  test("bursts", async () => {
    const { plan: cell, load } = await only({ bursts: "50@10", numPrompts: "100" });
    expect(cell).toMatchObject({ params: { burstSize: 50, burstEveryS: 10, numPrompts: 100 } });
    expect(load.load).toMatchObject({ arrivals: { kind: "bursts", size: 50, everySeconds: 10 } });
  });
});

describe("each kind of prompt", () => {
  test("lengths within a range, a shared prefix and the chat endpoint are named and recorded", async () => {
    const { plan: cell, load } = await only({ rangeRatio: "0.2", sharedPrefix: "8", endpoint: "chat" });
    expect(cell.id).toBe("serve-benchmark/in_30_out_10_range_0.2_prefix_8_rate_125_chat");
    expect(cell.params).toMatchObject({ rangeRatio: 0.2, sharedPrefix: 8, endpoint: "chat" });
    expect(load).toMatchObject({ endpoint: "chat", prompts: { rangeRatio: 0.2, sharedPrefix: 8 } });
  });

  test("prompts of a file need a rate or a concurrency, and are called after it", async () => {
    await using folder = await createFixture({
      "my prompts.jsonl": '{"prompt":"hi"}\n{"prompt":[1,2,3],"output_tokens":7}\n',
    });
    const dataset = `jsonl:${folder.getPath("my prompts.jsonl")}`;
    expect(await refusal({ dataset })).toContain("give --request-rate or --concurrency");
    const { plan: cell, load } = await only({ dataset, concurrency: "2", datasetOutputLen: "5" });
    expect(cell.id).toBe("serve-benchmark/jsonl_my-prompts.jsonl_concurrency_2");
    expect(cell.params).toMatchObject({ dataset: "my prompts.jsonl", datasetOutputLen: 5 });
    expect(load.prompts).toMatchObject({ kind: "listed", entries: [{ outputTokens: 5 }, { outputTokens: 7 }] });
  });

  test("a trace brings its own times, and refuses others", async () => {
    const lines = [0, 500, 2000].map((timestamp) => JSON.stringify({ timestamp, input_length: 40, output_length: 3 }));
    await using folder = await createFixture({ "t.jsonl": lines.join("\n") });
    const dataset = `trace:${folder.getPath("t.jsonl")}`;
    expect(await refusal({ dataset, concurrency: "2" })).toContain("--concurrency and --dataset trace:FILE");
    const { plan: cell, load } = await only({ dataset, traceSpeed: "2" });
    expect(cell).toMatchObject({
      id: "serve-benchmark/trace_t.jsonl_x2_replayed",
      params: { traceSpeed: 2, numPrompts: 3 },
    });
    expect(load.load.kind === "open-loop" && load.load.arrivals).toMatchObject({
      kind: "trace",
      timesMs: Float64Array.of(0, 250, 1000),
    });
  });

  test("a file that is not there is named", async () => {
    const plan = only({ dataset: "jsonl:nowhere.jsonl", concurrency: "1" });
    await expect(plan).rejects.toThrow("nowhere.jsonl could not be read");
  });
});

describe("each strategy", () => {
  test("once, a number of times, or until the interval is narrow enough", async () => {
    const strategy = async (given: object) => (await only(given)).strategy;
    expect(await strategy({})).toEqual({ kind: "once" });
    expect(await strategy({ repeats: "5" })).toEqual({ kind: "repeat", times: 5 });
    expect(await strategy({ untilCi: "2.5%", ciMetric: "ttft_ms", maxRepeats: "7" })).toEqual({
      kind: "until-ci",
      metric: "ttft_ms",
      plan: { target: 0.025, least: 3, most: 7 },
    });
  });

  test("a search for a rate records what decides it, not the level where it starts", async () => {
    const find = {
      find: "max-rate",
      slo: "ttft_ms.p99<500, tpot_ms.p50 < 50,ttft_ms<300",
      minutes: "0.5",
      requestRate: "4",
    };
    const { plan: cell, strategy, slos } = await only(find);
    expect(cell.id).toBe("serve-benchmark/in_30_out_10_max-rate");
    expect(cell.params).toMatchObject({
      find: "max-rate",
      slo: "ttft_ms.p99<500 tpot_ms.p50<50",
      findTolerance: 0.05,
      minutes: 0.5,
    });
    expect(cell.params).not.toHaveProperty("requestRate");
    expect(cell.params).not.toHaveProperty("numPrompts");
    expect(slos).toEqual([{ metric: "ttft_ms", limitMs: 300 }]);
    if (strategy.kind !== "find") return expect.unreachable("it is a search");
    expect(strategy.plan).toMatchObject({ start: 4, integers: false, tolerance: 0.05 });
    expect(strategy.loadAt(6)).toMatchObject({ bound: { count: 180 }, load: { arrivals: { requestRate: 6 } } });
  });

  test("a search for a concurrency starts from 8, or where it is told to", async () => {
    const start = async (given: object) => {
      const { strategy } = await only({ find: "max-concurrency", slo: "e2el_ms.p90<=900", ...given });
      return strategy.kind === "find" && [strategy.plan.start, strategy.loadAt(5).bound];
    };
    expect(await start({})).toEqual([8, { kind: "requests", count: 50 }]);
    expect(await start({ concurrency: "3", duration: "9" })).toEqual([3, { kind: "seconds", seconds: 9 }]);
  });
});
