import { describe, expect, test } from "vitest";
import { z } from "zod";
import { servingInputs } from "../../../src/verbs/serve-benchmark/inputs.ts";
import { planServing } from "../../../src/verbs/serve-benchmark/plan.ts";
import { latencyInputs, planSweep, sweepLengths } from "../../../src/verbs/sweep/plan.ts";
import { plannedThroughput, throughputInputs } from "../../../src/verbs/sweep/throughput-plan.ts";

const sweep = (given: object) => planSweep(z.strictObject(latencyInputs).parse(given), "server");
const throughput = (given: object) => plannedThroughput(z.strictObject(throughputInputs).parse(given), "server");
const serving = (given: object) => planServing(z.strictObject(servingInputs).parse({ pairs: "300:100", ...given }));

const HELD = "a cell has at most 1,000,000 requests and 100,000,000 tokens in all, for they are held in memory";

describe("a load that would fill the memory is refused before anything starts:", () => {
  test.each([
    ["a batch", () => sweep({ batchSizes: "4,1000000" }), "bs_1000000 comes to 1,000,000 requests of 640 tokens"],
    ["prompts at once", () => throughput({ throughputPrompts: "200000" }), "200,000 requests of 640 tokens"],
    ["sequences of a prompt", () => sweep({ n: "1000000" }), "1 requests of 128,000,512 tokens"],
  ])("%s", (_, plan, message) => expect(plan).toThrow(`${message}; ${HELD}`));

  test.each([
    ["a rate for a week", { minutes: 10_080, requestRate: "900" }, "544,320,010 requests of 400 tokens"],
    ["a ramp", { minutes: 100, ramp: "0:1000" }, "3,000,010 requests of 400 tokens"],
    ["bursts", { minutes: 1, bursts: "100000@5" }, "1,200,010 requests of 400 tokens"],
    ["a closed loop", { concurrency: "100000" }, "1,100,000 requests of 400 tokens"],
    ["its warm-up", { numPrompts: 10, warmupRequests: 500_000 }, "500,010 requests of 400 tokens"],
  ])("%s", (_, given, message) => expect(serving(given)).rejects.toThrow(`${message}; ${HELD}`));
});

test("a grid that nobody could measure is refused before it is laid out", () => {
  const message = "that is a grid of 1000000000 cells, more than 2000: give fewer sizes or lengths";
  const axes = { inputLen: "1-1000", outputLen: "1-1000" };
  expect(() => sweep({ ...axes, batchSizes: "1-1000" })).toThrow(message);
  const lengths = z.strictObject(latencyInputs).parse({ inputLen: "1-10000", outputLen: "1-10000" });
  expect(() => sweepLengths(lengths)).toThrow("that is a grid of 100000000 cells");
  expect(() => throughput({ ...axes, throughputPrompts: "1-1000" })).toThrow(message);
});

test("large loads that people measure are taken", async () => {
  expect(throughput({ throughputPrompts: "100000" })).toHaveLength(1);
  expect(sweep({ batchSizes: "1024", inputLen: "32768" })).toHaveLength(1);
  expect(await serving({ requestRate: "50", minutes: 60 })).toHaveLength(1);
});
