import { describe, expect, test } from "vitest";
import { verdictOf } from "../../../../src/arms/commits/judge/verdict.ts";
import type { Attempt } from "../../../../src/arms/commits/tasks.ts";
import type { Comparison } from "../../../../src/arms/comparison.ts";
import { attempt, failed, measured, task } from "../../../support/patches/arm-results.ts";

const judge = (change: Partial<Attempt> = {}, perfCommand?: string) => {
  const one = attempt(change);
  return verdictOf(task([one], perfCommand === undefined ? {} : { pair: { perfCommand } }), one, 0.02);
};
const row = (change: Partial<Comparison>): Comparison => ({
  ...{ arm: "one", cell: "serve-benchmark/x", metric: "output_throughput_tok_s", state: "wins", blocks: 4 },
  ...change,
});

describe("the published rule", () => {
  test.each([
    [1071, "tie", 2],
    [1072, "agent_wins", 2.095],
    [1028, "human_wins", -2.095],
  ])("%d beside 1050 tokens a second is %s", (tokens, published, percent) => {
    const verdict = judge({ result: measured("agent", tokens) });
    expect(verdict.published).toBe(published);
    expect(verdict.difference!.percent).toBeCloseTo(percent, 3);
  });

  test("turns lower-is-better metrics round", () => {
    const batch = (arm: "human" | "agent", mean: number) => measured(arm, 1, { metrics: { latency_s: { mean } } });
    const { difference, published } = judge({ human: batch("human", 2), result: batch("agent", 1.5) });
    expect(difference).toMatchObject({ metric: "latency_s", percent: 25 });
    expect(published).toBe("agent_wins");
  });

  test("calls a crash a loss, and what never ran nothing", () => {
    expect(judge({ result: failed("agent") }).published).toBe("agent_crashed");
    expect(judge({ result: failed("agent", { end: "image_missing", error: "none" }) }).published).toBeUndefined();
  });
});

describe("what can be said of two arms", () => {
  test("of one run each is undecided, however far apart they are", () => {
    expect(judge({ result: measured("agent", 2000) })).toMatchObject({
      state: "undecided",
      detail: expect.stringContaining("one run each"),
    });
  });

  test("that were not measured alike is nothing", () => {
    const result = measured("agent", 2000, { settings: { inputTokens: 500 } });
    expect(judge({ result })).toMatchObject({ state: "invalid", detail: "prompt tokens of human 20000, of agent 500" });
  });

  test("of tokens beside requests is nothing", () => {
    const result = measured("agent", 1, { metrics: { ttft_ms: { mean: 5 } } });
    expect(judge({ result })).toMatchObject({ state: "invalid", detail: "agent and human have no metric in common" });
  });

  test("that both reached the rate which was asked for is that of the load", () => {
    const slow = (arm: "human" | "agent") => measured(arm, 64);
    const arms = { human: slow("human"), result: slow("agent"), baseline: measured("baseline", 64) };
    expect(judge(arms, "vllm bench serve --request-rate 1")).toMatchObject({ state: "load_limited", published: "tie" });
    expect(judge(arms, "vllm bench serve --request-rate 1").speedUp).toBeUndefined();
    expect(judge(arms, "vllm bench serve --request-rate 2").state).not.toBe("load_limited");
  });

  test("where a human does not beat the baseline is nothing on this machine", () => {
    expect(judge({ baseline: measured("baseline", 1040) })).toMatchObject({
      state: "not_valid_here",
      detail: expect.stringContaining("1.010 times"),
    });
    expect(judge({ baseline: measured("baseline", 1040), result: failed("agent") }).state).toBe("not_valid_here");
  });

  test("by a human that has no numbers is nothing, and no failure of the agent", () => {
    const verdict = judge({
      human: failed("human", { error: "Server crashed during startup" }),
      result: failed("agent"),
    });
    expect(verdict).toMatchObject({
      state: "arm_failed",
      detail: "the human's arm has no numbers: Server crashed during startup",
    });
    expect(verdict.blame).toBeUndefined();
  });

  test("in blocks is their interval", () => {
    const result = measured("agent", 1100, { besideHuman: [row({ ratio: 1.05, low: 1.02, high: 1.08 })] });
    const human = measured("human", 1050, { besideBaseline: [row({ state: "wins" })] });
    expect(judge({ result, human })).toMatchObject({
      ...{ state: "wins", detail: "agent beside human in 4 blocks, 1.050 [1.020, 1.080]" },
    });
  });

  test("with other answers than the baseline's are nothing, where the baseline's own are alike", () => {
    const judged = (differ: number, differOfBase: number) =>
      judge({ result: measured("agent", 1100, { answers: { questions: 32, differ, differOfBase } }) });
    expect(judged(30, 1)).toMatchObject({ state: "invalid", detail: expect.stringContaining("30 of 32 answers") });
    expect(judged(30, 28).state).toBe("undecided");
  });

  test("stand beside a loss of accuracy, which the reason says", () => {
    const accuracy = {
      ...{ verdict: "accuracy_lost" as const, samples: 72, unanswered: 0, correct: 55, correctOfBase: 64 },
      ...{ lost: 9, gained: 0, p: 0.0039 },
    };
    const besideHuman = [row({ ratio: 1.05, low: 1.02, high: 1.08 })];
    const verdict = judge({ result: measured("agent", 1100, { besideHuman, accuracy }) });
    expect(verdict).toMatchObject({
      state: "wins",
      detail: expect.stringContaining("]; accuracy_lost: 9 of 72 samples"),
    });
  });

  test("that hold for the benchmark's own load alone are nothing", () => {
    const besideHuman = [row({ ratio: 1.05, low: 1.02, high: 1.08 })];
    const anotherLoad = [row({ state: "loses", ratio: 0.8, low: 0.7, high: 0.9 })];
    const verdict = judge({ result: measured("agent", 1100, { besideHuman, anotherLoad }) });
    expect(verdict).toMatchObject({
      state: "invalid",
      detail: "wins with the benchmark's load alone: with another it loses, 0.800 [0.700, 0.900]",
    });
    const same = judge({
      result: measured("agent", 1100, { besideHuman, anotherLoad: [row({ state: "undecided" })] }),
    });
    expect(same.state).toBe("wins");
  });

  test("beside a human whose own interval beside the baseline does not lie above 1 is nothing here", () => {
    const human = measured("human", 1050, {
      besideBaseline: [row({ state: "undecided", ratio: 1.05, low: 0.99, high: 1.1 })],
    });
    expect(judge({ human })).toMatchObject({
      state: "not_valid_here",
      detail: expect.stringContaining("undecided, 1.050 [0.990, 1.100]"),
    });
  });
});

test("speed-ups are those beside the baseline, where all three were measured alike", () => {
  expect(judge().speedUp).toEqual({ agent: 1.1, human: 1.05 });
  const baseline = measured("baseline", 1000, { settings: { model: "m/small" } });
  expect(judge({ baseline }).speedUp).toBeUndefined();
});
