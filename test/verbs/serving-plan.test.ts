import { describe, expect, test } from "vitest";
import { z } from "zod";
import { UsageError } from "../../src/errors.ts";
import { Cell } from "../../src/result/cell.ts";
import { planServing, servingCells, servingInputs } from "../../src/verbs/serving-plan.ts";

const inputs = (given: object = {}) => z.strictObject(servingInputs).parse(given);
const plan = (given: object = {}) => planServing(inputs(given));
const refusal = (given: object) => {
  try {
    plan(given);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  return expect.unreachable("the plan was accepted");
};

test("by default plans five pairs that offer 5000 tokens a second for three minutes each", () => {
  const rows = plan().map(({ id, params: { inputLen, outputLen, requestRate, numPrompts } }) => [
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

test("records all that decides the load", () => {
  expect(plan({ pairs: "300:100" })[0]?.params).toEqual({
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

test("gives the load generator what it records", () => {
  for (const { plan: cell, load } of servingCells(
    inputs({ pairs: "30:10,50:20", requestRate: "2.5", maxConcurrency: 8 }),
  )) {
    const { inputLen, outputLen, numPrompts, warmupRequests, seed } = cell.params;
    expect(load).toMatchObject({ inputLen, outputLen, numPrompts, warmupRequests, seed });
    expect(load.load).toEqual({ kind: "open-loop", requestRate: 2.5, maxConcurrency: 8 });
    expect(cell.id).toMatch(/_rate_2.5_max_8$/);
    expect(cell.params.maxConcurrency).toBe(8);
  }
});

describe("a closed loop", () => {
  test("has a cell for every pair and concurrency, with ten prompts for each open request", () => {
    const cells = plan({ pairs: "30:10,50:20", concurrency: "1,4" });
    expect(cells.map(({ id, params }) => [id, params.concurrency, params.numPrompts])).toEqual([
      ["serve-benchmark/in_30_out_10_concurrency_1", 1, 10],
      ["serve-benchmark/in_30_out_10_concurrency_4", 4, 40],
      ["serve-benchmark/in_50_out_20_concurrency_1", 1, 10],
      ["serve-benchmark/in_50_out_20_concurrency_4", 4, 40],
    ]);
    expect(cells[0]?.params).not.toHaveProperty("requestRate");
  });
});

test("all at once is a rate of inf, with as many requests as said", () => {
  expect(plan({ pairs: "30:10", requestRate: "inf", numPrompts: 100 })[0]).toMatchObject({
    id: "serve-benchmark/in_30_out_10_rate_inf",
    params: { requestRate: "inf", numPrompts: 100 },
  });
});

test("minutes, tokens a second and prompts are options; a short cell still has a request", () => {
  const prompts = (given: object) =>
    plan({ pairs: "300:100", ...given }).map(({ params }) => [params.requestRate, params.numPrompts]);
  expect(prompts({ minutes: 0.1 })).toEqual([[12.5, 75]]);
  expect(prompts({ tokensPerSecond: 400 })).toEqual([[1, 180]]);
  expect(prompts({ numPrompts: 7 })).toEqual([[12.5, 7]]);
  expect(prompts({ minutes: 0.0001 })).toEqual([[12.5, 1]]);
});

test("every cell has a seed of its own, which the user's seed changes and nothing else does", () => {
  const seeds = (given: object) => plan(given).map(({ params }) => params.seed);
  expect(new Set([...seeds({}), ...seeds({ seed: 1 })]).size).toBe(10);
  expect(seeds({ minutes: 1 })).toEqual(seeds({}));
});

test("ids are ids that a cell may have", () => {
  for (const { id } of [...plan(), ...plan({ pairs: "3:1", requestRate: "0.001", numPrompts: 1 })]) {
    expect(Cell.options[0].shape.id.safeParse(id).success).toBe(true);
  }
});

describe("inputs that contradict each other are refused, saying what to do", () => {
  test.each([
    [{ requestRate: "1", concurrency: "2" }, "give --request-rate or --concurrency, not both"],
    [{ concurrency: "2", maxConcurrency: "2" }, "--max-concurrency goes with a request rate"],
    [{ requestRate: "inf" }, "say how many requests with --num-prompts"],
    [{ pairs: "3:1,3:1" }, "--pairs names a pair twice"],
    [{ pairs: "900000:300000" }, "--tokens-per-second 5000 is too little for the pair 900000:300000"],
  ])("%j", (given, message) => expect(refusal(given)).toContain(message));
});

test.each(["0", "-1", "fast", "1e3", "", 0, Number.NaN])("a request rate of %j is refused", (requestRate) => {
  const result = z.strictObject(servingInputs).safeParse({ requestRate });
  expect(result.success).toBe(false);
});

test("a request rate that is no number says what it must be", () => {
  const result = z.strictObject(servingInputs).safeParse({ requestRate: "-1" });
  expect(result.error?.issues[0]?.message).toBe("must be a number above 0, or inf");
});
