import { describe, expect, test } from "vitest";
import type { Settings } from "../../../../src/arms/commits/arm-result.ts";
import { differencesBetween, unknownBetween } from "../../../../src/arms/commits/judge/comparable.ts";
import { measured } from "../../../support/patches/arm-results.ts";

const human = measured("human", 100);
const agent = (change: Partial<Settings>) => measured("agent", 100, { settings: { ...human.settings, ...change } });
const differences = (change: Partial<Settings>) => differencesBetween(human, agent(change));

describe("two arms are not comparable", () => {
  test.each<[string, Partial<Settings>, string]>([
    ["with another model", { model: "m/two" }, "model of human m/one, of agent m/two"],
    ["with another benchmark", { benchmark: "latency" }, "benchmark of human serving, of agent latency"],
    ["with fewer requests", { requests: 50 }, "requests of human 100, of agent 50"],
    ["with longer prompts", { inputTokens: 50_556 }, "prompt tokens of human 20000, of agent 50556"],
    ["with answers of another length", { outputTokens: 15_000 }, "answer tokens of human 6400, of agent 15000"],
  ])("%s", (_, change, words) => {
    expect(differences(change)).toEqual([words]);
  });

  test("in several ways at once, all of which are named", () => {
    expect(differences({ model: "m/two", requests: 50 })).toHaveLength(2);
  });

  test("at another rate, in flight or context, where both say it", () => {
    const slow = measured("human", 1, { settings: { requestRate: 1, maxConcurrency: 16, maxModelLen: 4096 } });
    const fast = measured("agent", 1, {
      settings: { requestRate: Number.POSITIVE_INFINITY, maxConcurrency: 8, maxModelLen: 2048 },
    });
    expect(differencesBetween(slow, fast)).toEqual([
      "request rate of human 1, of agent inf",
      "concurrency of human 16, of agent 8",
      "max-model-len of human 4096, of agent 2048",
    ]);
  });
});

test("a first token that a tokenizer adds, other capitals and answers of nearly the same length are no difference", () => {
  expect(differences({ inputTokens: 20_100, outputTokens: 6000, model: "M/One" })).toEqual([]);
});

test("what one of the two does not say is no difference, but is not known either", () => {
  const silent = measured("agent", 100, { settings: {} });
  expect(differencesBetween(human, silent)).toEqual([]);
  expect(unknownBetween(human, silent)).toEqual(["model", "prompt tokens"]);
  expect(unknownBetween(human, agent({}))).toEqual([]);
});
