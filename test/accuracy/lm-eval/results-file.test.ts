import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readLmEvalResults } from "../../../src/accuracy/lm-eval/results-file.ts";

const FIXTURE = readFileSync(join(import.meta.dirname, "../../fixtures/lm-eval-0.4.13/results.json"), "utf8");
const read = (change: (file: Record<string, Record<string, Record<string, unknown>>>) => void = () => undefined) => {
  const file = JSON.parse(FIXTURE);
  change(file);
  return readLmEvalResults(JSON.stringify(file), "results.json");
};

test("every metric by every filter is a score, of tasks and of groups", () => {
  const { version, scores, leftOut } = read();
  expect(version).toBe("0.4.13");
  expect(leftOut).toEqual([]);
  expect(scores.map(({ task, metric, filter, samples }) => [task, metric, filter, samples])).toEqual([
    ["say", "exact_match", "none", 12],
    ["filters", "exact_match", "strict", 12],
    ["filters", "exact_match", "flexible", 12],
    ["both", "exact_match", "none", 12],
    ["both", "exact_match", "strict", 12],
  ]);
  expect(scores[0]).toMatchObject({
    score: 8 / 12,
    taskVersion: "1",
    taskHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    fewShot: 0,
  });
});

describe("what is no score is left out, with the reason", () => {
  const why = (change: Parameters<typeof read>[0]) =>
    read(change).leftOut.find(({ name }) => name.startsWith("say "))?.why;
  const value = (given: unknown) => why(({ results }) => Object.assign(results!.say!, { "exact_match,none": given }));

  test.for<[unknown, string]>([
    [12.5, "12.5 is no share of 1"],
    ["N/A", "it is no number"],
    [null, "it is no number"],
  ])("%j", ([given, words]) => expect(value(given)).toBe(words));

  test("a metric of which less is better", () =>
    expect(why(({ higher_is_better }) => Object.assign(higher_is_better!.say!, { exact_match: false }))).toContain(
      "less is better",
    ));

  test("the number that stands for predictions that nobody scored", () =>
    expect(why(({ results }) => Object.assign(results!.say!, { "bypass,none": 999 }))).toContain("--predict_only"));

  test("one of nobody knows how many samples", () =>
    expect(why((file) => delete file["n-samples"])).toBe("nobody says of how many samples it is"));
});

test("a bare NaN, standard errors that are text, and versions of any type are read", () => {
  const text = FIXTURE.replace(/"exact_match_stderr,none": [\d.]+/, '"exact_match_stderr,none": "N/A"')
    .replace(/"exact_match,flexible": [\d.]+/, '"exact_match,flexible": NaN')
    .replace(/"say": 1\.0/, '"say": "Yaml"');
  const { scores, leftOut } = readLmEvalResults(text, "results.json");
  expect(scores[0]).toMatchObject({ task: "say", taskVersion: "Yaml" });
  expect(scores[0]).not.toHaveProperty("standardError");
  expect(leftOut).toEqual([{ name: "filters exact_match,flexible", why: "it is no number" }]);
});

test.for(["{", "[]", '{"results":{}}'])("%s is refused by its name", (text) =>
  expect(() => readLmEvalResults(text, "results.json")).toThrow(/^results\.json is not/),
);
