import type { ResultTable } from "../../../report/tables/tables.ts";
import { formatMetric } from "../../../result/series/series.ts";
import type { ArmResult } from "../arm-result.ts";
import { CATEGORIES, type Category } from "../judge/category.ts";
import { primaryOf } from "../judge/difference.ts";
import type { Published, Verdict } from "../judge/verdict.ts";
import type { Estimate } from "../scores/opt-at-k.ts";
import { RULE_NAMES, RULES } from "../scores/rules.ts";
import { isUsable, type PatchReport } from "./patch-report.ts";

const OUTCOME_WORDS: Readonly<Record<Published, string>> = {
  ...{ agent_wins: "agent wins", human_wins: "human wins", tie: "tie", agent_crashed: "agent CRASHED" },
};

const ABSENT = "N/A";
export const signed = (percent: number): string => `${percent > 0 ? "+" : ""}${percent.toFixed(1)}%`;

export function reportTables(report: PatchReport): ResultTable[] {
  const tables = [
    commitsTable(report),
    outcomesTable(report),
    rankingTable(report),
    optTable(report),
    weightsTable(report),
    categoriesTable(report),
  ];
  return tables.filter(({ rows }) => rows.length > 0);
}

/** The first table of ISO-Bench's results, and what can be said for each line of it. */
function commitsTable({ tasks, agents }: PatchReport): ResultTable {
  const several = agents.length > 1;
  return {
    title: "Patches beside the human's commit",
    columns: [
      "Commit",
      "Model",
      ...(several ? ["Agent"] : []),
      "Published rule",
      "Here",
      "Baseline",
      "Human",
      "Agent's",
      "Diff",
    ],
    firstNumber: several ? 5 : 4,
    rows: tasks.filter(isUsable).flatMap(({ short, task, verdicts }) =>
      verdicts.map((verdict) => {
        const { attempt, difference, published, state } = verdict;
        const model = task.pair?.model ?? attempt.human?.settings.model ?? ABSENT;
        return [
          ...[short, model, ...(several ? [attempt.agent] : [])],
          ...[published === undefined ? ABSENT : OUTCOME_WORDS[published], state],
          ...[valueText(attempt.baseline), valueText(attempt.human)],
          ...[valueText(attempt.result), difference === undefined ? ABSENT : signed(difference.percent)],
        ];
      }),
    ),
    note: "Tokens of answers a second; else with their unit. Diff: how much better than the human's.",
  };
}

function valueText(result: ArmResult | undefined): string {
  const primary = result && primaryOf(result);
  if (primary === undefined) return result === undefined || result.end === "measured" ? ABSENT : result.end;
  const text = formatMetric(primary.metric, primary.value);
  return primary.metric === "output_throughput_tok_s" ? text : `${text} ${UNITS[primary.metric] ?? ""}`.trim();
}

const UNITS: Readonly<Record<string, string>> = {
  ...{ total_token_throughput_tok_s: "tok/s in all", latency_s: "s", request_throughput_req_s: "req/s" },
};

function outcomesTable({ tallies, margin }: PatchReport): ResultTable {
  const share = (count: number, of: number) => (of === 0 ? "0" : `${count} (${((100 * count) / of).toFixed(0)}%)`);
  return {
    title: `Outcomes by the published rule (± ${margin * 100} %, one run each), and what of them can be said here`,
    columns: ["Agent", "Here", "Usable", "Wins", "Ties", "Losses", "Crashed", "Measured alike", "Speed ÷ human's"],
    firstNumber: 2,
    rows: tallies.map(({ agent, published, states, alike, ratioToHuman }) => {
      const { agent_wins, tie, human_wins, agent_crashed } = published;
      const usable = agent_wins + tie + human_wins + agent_crashed;
      const here = Object.entries(states).map(([state, count]) => `${state} ${count}`);
      return [
        ...[agent, here.join(", "), String(usable), share(agent_wins, usable), share(tie, usable)],
        ...[share(human_wins, usable), share(agent_crashed, usable), String(alike)],
        estimateText(ratioToHuman),
      ];
    }),
  };
}

/** A value with its interval, and over how many tasks. */
const estimateText = (estimate: Estimate | undefined): string =>
  estimate === undefined
    ? ABSENT
    : `${estimate.value.toFixed(2)} [${estimate.low.toFixed(2)}, ${estimate.high.toFixed(2)}] of ${estimate.tasks}`;

function rankingTable({ agents, ranking }: PatchReport): ResultTable {
  return {
    title: "Ranking by each rule: rank, score with its 95 % interval over tasks, tasks",
    columns: ["Agent", ...RULE_NAMES.map((rule) => RULES[rule].label)],
    firstNumber: 1,
    rows: agents.map((agent) => [
      agent,
      ...RULE_NAMES.map((rule) => {
        const { rank, score } = ranking[rule].find((one) => one.agent === agent)!;
        return rank === undefined ? ABSENT : `${rank}. ${estimateText(score)}`;
      }),
    ]),
  };
}

function optTable({ optAtK }: PatchReport): ResultTable {
  return {
    title: "Opt@K: 95 % of the human's speed-up by the best of K attempts",
    columns: ["Agent", "K", "Opt@K"],
    firstNumber: 1,
    rows: optAtK.map(({ agent, k, estimate }) => [agent ?? "all agents", String(k), estimateText(estimate)]),
  };
}

/** The task by which each score hangs most. */
function weightsTable({ agents, ranking }: PatchReport): ResultTable {
  const rows = agents.flatMap((agent) =>
    RULE_NAMES.flatMap((rule) => {
      const [first] = ranking[rule].find((one) => one.agent === agent)!.weights;
      return first === undefined || first.weight === 0
        ? []
        : [[agent, RULES[rule].label, first.short, first.weight.toFixed(3)]];
    }),
  );
  return {
    title: "The task that each score hangs on most: score minus the score without it",
    columns: ["Agent", "Rule", "Commit", "Weight"],
    firstNumber: 3,
    rows,
  };
}

function categoriesTable({ categories, tasks }: PatchReport): ResultTable {
  const rows = Object.entries(categories).filter(([, commits]) => commits.length > 0);
  return {
    title: "All commits, each in one category",
    columns: ["Category", "What it means", "Commits"],
    firstNumber: 2,
    rows: [
      ...rows.map(([name, commits]) => [name, CATEGORIES[name as Category], String(commits.length)]),
      ["all", "", String(tasks.length)],
    ],
  };
}

/** Why a line is as it is. */
export function reasonOf({ state, detail, blame }: Verdict): string {
  if (blame === undefined) return detail;
  const failed = `failure of ${BLAME_WORDS[blame.on]}: ${blame.detail}`;
  return state === "arm_failed" ? failed : `${detail}; ${failed}`;
}

const BLAME_WORDS = { patch: "the patch", image: "the image", unproven: "nobody knows whom" } as const;
