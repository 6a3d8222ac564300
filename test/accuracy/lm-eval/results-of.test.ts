import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { unanswered } from "../../../src/accuracy/ask/answer.ts";
import { readLmEvalResults } from "../../../src/accuracy/lm-eval/results-file.ts";
import { lmEvalResults } from "../../../src/accuracy/lm-eval/results-of.ts";
import { readLmEvalSamples } from "../../../src/accuracy/lm-eval/samples-file.ts";
import { TaskResult } from "../../../src/accuracy/report/result.ts";

const fixture = (name: string) =>
  readFileSync(join(import.meta.dirname, "../../fixtures/lm-eval-0.4.13", name), "utf8");
const samplesOf = (task: string) => readLmEvalSamples(fixture(`samples_${task}.jsonl`), `${task}.jsonl`);
const whole = {
  ...readLmEvalResults(fixture("results.json"), "results.json"),
  samples: new Map(["say", "filters"].map((task) => [task, samplesOf(task)])),
  unanswered: [],
  minScore: 0,
  params: { endpoint: "chat" },
};

test("each metric and filter is a result, sample by sample where each is right or wrong", () => {
  const results = lmEvalResults(whole);
  expect(results.map(({ task, correct, total }) => [task, correct, total])).toEqual([
    ["say", 8, 12],
    ["filters_exact_match_strict", 8, 12],
    ["filters_exact_match_flexible", 10, 12],
    ["both_exact_match_none", undefined, 12],
    ["both_exact_match_strict", undefined, 12],
  ]);
  for (const result of results) expect(TaskResult.parse(result)).toEqual(result);
  expect(results[2]!.samples.filter(({ outcome }) => outcome === "wrong").map(({ right }) => right)).toEqual([
    "10",
    "11",
  ]);
});

test("program, task and filter are parameters, so that series never mix", () => {
  const [say, strict, flexible] = lmEvalResults(whole).map(({ params }) => params);
  expect(say).toMatchObject({
    ...{ endpoint: "chat", task: "say", evaluator: "lm-eval", evaluatorVersion: "0.4.13", metric: "exact_match" },
    ...{ filter: "none", taskVersion: "1", fewShot: 0, taskHash: expect.stringMatching(/^[0-9a-f]{16}$/) },
  });
  expect(strict).not.toEqual(flexible);
});

test("the same documents have the same ids by every filter", () => {
  const [, strict, flexible] = lmEvalResults(whole).map(({ samples }) => samples.map(({ id }) => id));
  expect(strict).toEqual(flexible);
  expect(new Set(strict).size).toBe(12);
});

test("an answer that was none on the way leaves no score, whatever lm-eval made of it", () => {
  const lost = [unanswered("no_choices", "{}"), unanswered("no_choices", "{}"), unanswered("no_text", "null")];
  const [say] = lmEvalResults({ ...whole, unanswered: lost });
  expect(say).toMatchObject({
    status: "incomplete",
    ok: false,
    answered: 9,
    total: 12,
    unanswered: { no_choices: 2, no_text: 1 },
  });
  expect(say!.score).toBeUndefined();
});

test("a score that is no share of right answers has the interval of its standard error, or none", () => {
  const [score] = whole.scores;
  const of = (standardError?: number) =>
    lmEvalResults({
      ...whole,
      samples: new Map(),
      scores: [{ ...score!, score: 0.5, ...(standardError === undefined ? {} : { standardError }) }],
      minScore: 0.4,
    })[0]!;
  expect(of(0.1).interval).toEqual([expect.closeTo(0.304, 3), expect.closeTo(0.696, 3)]);
  expect(of(0.1).gate).toBe("too_few_to_decide");
  const { standardError: _, ...bare } = score!;
  const [without] = lmEvalResults({ ...whole, samples: new Map(), scores: [bare] });
  expect([without!.interval, without!.gate]).toEqual([undefined, "off"]);
});
