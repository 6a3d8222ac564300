import { describe, expect, test } from "vitest";
import { verdictOf } from "../../../../src/arms/commits/judge/verdict.ts";
import { rankingOf } from "../../../../src/arms/commits/scores/ranking.ts";
import type { Attempt } from "../../../../src/arms/commits/tasks.ts";
import { attempt, failed, measured, task } from "../../../support/patches/arm-results.ts";

/** A task with attempts, the human's at 1050 and the baseline's at 1000 tokens a second. */
function judged(short: string, attempts: readonly Partial<Attempt>[]) {
  const all = attempts.map(attempt);
  return { short, verdicts: all.map((one) => verdictOf(task(all), one, 0.02)) };
}
const tries = (agent: string, tokens: number): Partial<Attempt> => ({ agent, result: measured("agent", tokens) });

describe("agents are ranked by each rule", () => {
  test("which may not agree", () => {
    const tasks = [
      judged("t1", [tries("bold", 1500), tries("steady", 1040)]),
      judged("t2", [tries("bold", 900), tries("steady", 1040)]),
    ];
    const { difference, improvement, speed_up } = rankingOf(tasks, ["bold", "steady"]);
    expect(difference.map(({ agent, rank, score }) => [agent, rank, score?.value])).toEqual([
      ["bold", 1, 0.5],
      ["steady", 1, 0.5],
    ]);
    expect(improvement.map(({ agent, rank }) => [agent, rank])).toEqual([
      ["steady", 1],
      ["bold", 2],
    ]);
    expect(speed_up[0]).toMatchObject({ agent: "steady", score: { value: 1, tasks: 2 } });
  });

  test("and one run each has no place in the one with intervals", () => {
    const { intervals } = rankingOf([judged("t1", [tries("one", 1500)])], ["one"]);
    expect(intervals).toEqual([{ agent: "one", weights: [] }]);
  });

  test("several attempts at a task are one task, by their mean", () => {
    const { difference } = rankingOf([judged("t1", [tries("one", 1500), tries("one", 900)])], ["one"]);
    expect(difference[0]!.score).toMatchObject({ value: 0.5, tasks: 1 });
  });
});

describe("what is no task of a rule", () => {
  test("is one that a human does not win here, unless the rule is the published one", () => {
    const lost = { ...tries("one", 1500), baseline: measured("baseline", 1050) };
    const ranking = rankingOf([judged("t1", [lost])], ["one"]);
    expect(ranking.difference[0]!.score?.value).toBe(1);
    for (const rule of ["speed_up", "improvement", "intervals"] as const)
      expect(ranking[rule][0]!.score).toBeUndefined();
  });

  test("is a crash that nobody proved to be the patch's; a proven one is a loss", () => {
    const crash = { agent: "one", result: failed("agent") };
    const proven = rankingOf([judged("t1", [crash])], ["one"]);
    expect(proven.improvement[0]!.score?.value).toBe(0);
    const unproven = rankingOf([judged("t1", [{ ...crash, baseline: failed("baseline") }])], ["one"]);
    expect(unproven.improvement[0]!.score).toBeUndefined();
    expect(unproven.difference[0]!.score?.value).toBe(0);
  });
});

test("a task weighs what the score would lose without it", () => {
  const tasks = [
    judged("win", [tries("one", 1500)]),
    judged("loss", [tries("one", 900)]),
    judged("tie", [tries("one", 1050)]),
  ];
  const [first, ...others] = rankingOf(tasks, ["one"]).difference[0]!.weights;
  expect(first).toEqual({ short: "win", weight: 0.25 });
  expect(others.map(({ short, weight }) => [short, weight])).toEqual([
    ["loss", -0.25],
    ["tie", 0],
  ]);
});
