import { mean } from "../../../result/metrics/distribution.ts";
import type { Verdict } from "../judge/verdict.ts";
import { type Estimate, meanOverTasks } from "./opt-at-k.ts";
import { RULE_NAMES, RULES, type RuleName } from "./rules.ts";

/** One task as an agent did it, with each of its attempts. */
export interface Judged {
  short: string;
  verdicts: readonly Verdict[];
}

interface Standing {
  agent: string;
  /** From 1; equal scores share it. Absent without a score. */
  rank?: number;
  score?: Estimate;
  /** What the score would be without this task, minus what it is: how much it hangs by one. Largest first, those that weigh anything. */
  weights: readonly { short: string; weight: number }[];
}

export type Ranking = Record<RuleName, Standing[]>;

/** Every agent under every rule, the best first; several attempts at a task count as their mean. */
export function rankingOf(judged: readonly Judged[], agents: readonly string[]): Ranking {
  const byRule = RULE_NAMES.map((rule) => [rule, rankedBy(rule, judged, agents)] as const);
  return Object.fromEntries(byRule) as Ranking;
}

function rankedBy(rule: RuleName, judged: readonly Judged[], agents: readonly string[]): Standing[] {
  const standings = agents.map((agent) => standingOf(rule, judged, agent));
  const scores = standings.flatMap(({ score }) => score?.value ?? []);
  return standings
    .map((one) => ({
      ...one,
      ...(one.score && { rank: 1 + scores.filter((score) => score > one.score!.value).length }),
    }))
    .toSorted((a, b) => (a.rank ?? Number.POSITIVE_INFINITY) - (b.rank ?? Number.POSITIVE_INFINITY));
}

function standingOf(rule: RuleName, judged: readonly Judged[], agent: string): Standing {
  const tasks = judged.flatMap(({ short, verdicts }) => {
    const own = verdicts.filter(({ attempt }) => attempt.agent === agent);
    const worths = own.flatMap((verdict) => RULES[rule].worth(verdict) ?? []);
    return worths.length === 0 ? [] : [{ short, worth: mean(worths) }];
  });
  const score = meanOverTasks(tasks.map(({ worth }) => worth));
  return { agent, ...(score && { score }), weights: weightsOf(tasks) };
}

/** Leaving one out, for each. */
function weightsOf(tasks: readonly { short: string; worth: number }[]): Standing["weights"] {
  if (tasks.length < 2) return tasks.map(({ short }) => ({ short, weight: 1 }));
  const whole = mean(tasks.map(({ worth }) => worth));
  const weights = tasks.map(({ short, worth }) => ({
    short,
    weight: whole - (whole * tasks.length - worth) / (tasks.length - 1),
  }));
  return weights.toSorted((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
}
