import type { ComparisonState } from "../../comparison.ts";
import { CATEGORIES, type Category, categoryOf } from "../judge/category.ts";
import { type Published, type Verdict, verdictOf } from "../judge/verdict.ts";
import { type Estimate, meanOverTasks, optAtK, type Tries } from "../scores/opt-at-k.ts";
import { type Judged, type Ranking, rankingOf } from "../scores/ranking.ts";
import { isAsGood } from "../scores/rules.ts";
import type { Task } from "../tasks.ts";

/** A commit, where it stands, and what came of each attempt at it. */
export interface JudgedTask extends Judged {
  task: Task;
  category: Category;
}

/** Counts of one agent over its attempts. */
interface Tally {
  agent: string;
  /** By the published rule; attempts without an outcome by it are in none. */
  published: Record<Published, number>;
  states: Partial<Record<ComparisonState, number>>;
  /** Measured with the same settings as baseline and human, under a load that did not limit them. */
  alike: number;
  /** Geometric mean of agent's ÷ human's speed-up, over attempts that were measured alike with the baseline. */
  ratioToHuman?: Estimate;
}

interface OptAtK {
  /** An agent's name; undefined: all of them, each attempt of any counting as one. */
  agent: string | undefined;
  k: number;
  estimate: Estimate;
}

/** What a comparison of patches came to; all else is written from it. */
export interface PatchReport {
  /** As a share. */
  margin: number;
  agents: readonly string[];
  tasks: readonly JudgedTask[];
  /** Commits of each; they add up to all. */
  categories: Readonly<Record<Category, readonly string[]>>;
  tallies: readonly Tally[];
  optAtK: readonly OptAtK[];
  ranking: Ranking;
}

export function patchReport(tasks: readonly Task[], margin: number): PatchReport {
  const judged = tasks.map(
    (task): JudgedTask => ({
      ...{ task, short: task.short, category: categoryOf(task) },
      verdicts: task.attempts.map((attempt) => verdictOf(task, attempt, margin)),
    }),
  );
  const agents = [...new Set(tasks.flatMap(({ attempts }) => attempts.map(({ agent }) => agent)))];
  return {
    ...{ margin, agents, tasks: judged },
    categories: categoriesOf(judged),
    tallies: agents.map((agent) => tallyOf(agent, judged)),
    optAtK: [
      ...agents.flatMap((agent) => optOf(judged, agent)),
      ...(agents.length > 1 ? optOf(judged, undefined) : []),
    ],
    ranking: rankingOf(judged.filter(isUsable), agents),
  };
}

function categoriesOf(judged: readonly JudgedTask[]): PatchReport["categories"] {
  const names = Object.keys(CATEGORIES) as Category[];
  const of = (name: Category) => judged.filter(({ category }) => category === name).map(({ short }) => short);
  return Object.fromEntries(names.map((name) => [name, of(name)])) as Record<Category, string[]>;
}

const OUTCOMES = ["agent_wins", "tie", "human_wins", "agent_crashed"] as const satisfies Published[];

/** Those of the first table: complete ones, and where a patch crashed beside a human's numbers. */
export const isUsable = ({ verdicts, category }: JudgedTask): boolean =>
  category === "complete" ||
  (category === "agent_crashed" && verdicts.some(({ published }) => published !== undefined));

function tallyOf(agent: string, judged: readonly JudgedTask[]): Tally {
  const own = verdictsOf(judged.filter(isUsable), agent).flat();
  const states = Map.groupBy(own, ({ state }) => state);
  const ratios = own.flatMap(({ state, speedUp }) =>
    speedUp === undefined || state === "not_valid_here" ? [] : [Math.log(speedUp.agent / speedUp.human)],
  );
  const ratio = meanOverTasks(ratios);
  return {
    agent,
    published: Object.fromEntries(
      OUTCOMES.map((name) => [name, own.filter(({ published }) => published === name).length]),
    ) as Record<Published, number>,
    states: Object.fromEntries([...states].map(([state, verdicts]) => [state, verdicts.length])),
    alike: own.filter(({ speedUp }) => speedUp !== undefined).length,
    ...(ratio && {
      ratioToHuman: { ...ratio, value: Math.exp(ratio.value), low: Math.exp(ratio.low), high: Math.exp(ratio.high) },
    }),
  };
}

/** Those of one agent, or all; a list for each task. */
const verdictsOf = (judged: readonly JudgedTask[], agent: string | undefined): Verdict[][] =>
  judged.map(({ verdicts }) => verdicts.filter(({ attempt }) => agent === undefined || attempt.agent === agent));

function optOf(judged: readonly JudgedTask[], agent: string | undefined): OptAtK[] {
  const tries = verdictsOf(judged, agent).map((verdicts): Tries => {
    const known = verdicts.flatMap((verdict) => (verdict.state === "not_valid_here" ? [] : (isAsGood(verdict) ?? [])));
    return { tried: known.length, succeeded: known.filter(Boolean).length };
  });
  const most = Math.max(0, ...tries.map(({ tried }) => tried));
  return Array.from({ length: most }, (_, index) => index + 1).flatMap((k) => {
    const estimate = optAtK(tries, k);
    return estimate === undefined ? [] : [{ agent, k, estimate }];
  });
}
