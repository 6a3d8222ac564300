import { existsSync } from "node:fs";
import { chooseRuns } from "../../arms/history/choose-runs.ts";
import { compareRuns } from "../../arms/history/compare-runs.ts";
import { type HistoryComparison, historyMarkdown, historyText } from "../../arms/report/history-table.ts";
import { byTime } from "../../database/document/layout.ts";
import { readContent } from "../../database/read/read.ts";
import { shownContent } from "../../database/read/shown.ts";
import { UsageError } from "../../errors.ts";
import { readJson } from "../../files.ts";
import { Run } from "../../result/document/run.ts";
import type { Tools } from "../../tools.ts";
import { historyHome } from "../history/home.ts";
import { sayWhatIsLeftOut } from "../history/report-skipped.ts";
import type { Outcome } from "../verb.ts";

interface HistoryQuestion {
  /** Two words: each a run document, or what {@link chooseRuns} takes. */
  runs: readonly string[];
  margin: number;
  /** Part of a cell's id. */
  cell?: string | undefined;
  failOn?: readonly string[] | undefined;
  database?: string | undefined;
  branch?: string | undefined;
  token?: string | undefined;
  skipDamaged: boolean;
}

/** Compares what was measured before. @throws UsageError for words that mean no runs, or the same ones */
export async function compareHistory(question: HistoryQuestion, tools: Tools): Promise<Outcome> {
  const [wordA, wordB, ...more] = question.runs;
  if (wordA === undefined || wordB === undefined || more.length > 0) {
    throw new UsageError(`compare takes two sides, A and B, not ${question.runs.length}: compare main v0.33.0`);
  }
  const stored = await storedRuns(question, tools);
  const [a, b] = await Promise.all([wordA, wordB].map((word) => sideOf(word, stored)));
  const twins = a!.filter(({ id }) => b!.some((run) => run.id === id));
  if (twins.length > 0) throw new UsageError(`“${wordA}” and “${wordB}” both mean run ${twins[0]!.id}: name two sides`);
  const history = [...new Map([...stored, ...a!, ...b!].map((run) => [run.id, run])).values()].toSorted(byTime);
  const { margin, cell = "" } = question;
  const rows = compareRuns({ a: a!, b: b!, history, margin }).filter((row) => row.cell.includes(cell));
  if (rows.length === 0) throw new UsageError(`neither side has a number of a cell with “${cell}” in its id`);
  return outcomeOf({ a: { word: wordA, runs: a! }, b: { word: wordB, runs: b! }, margin, rows }, question);
}

/** Two files need no history, and there may be none. */
async function storedRuns(question: HistoryQuestion, { env, signal, report }: Tools): Promise<Run[]> {
  if (question.database === undefined && question.runs.every(isFile)) return [];
  const { source, token } = await historyHome(question, env);
  const content = shownContent(await readContent(source, { env, token, signal }));
  sayWhatIsLeftOut(content, question.skipDamaged, report);
  return content.runs;
}

const isFile = (word: string) => word.endsWith(".json") && existsSync(word);

const sideOf = async (word: string, stored: readonly Run[]) =>
  isFile(word) ? [await readJson(word, Run)] : chooseRuns(word, stored, Date.now());

function outcomeOf(comparison: HistoryComparison, { failOn = [] }: HistoryQuestion): Outcome {
  const { a, b, margin, rows } = comparison;
  const named = (state: string) =>
    rows.filter((row) => row.state === state).map(({ cell, metric }) => `${cell} ${metric}`);
  const side = ({ word, runs }: HistoryComparison["a"]) => ({ word, runs: runs.map(({ id }) => id) });
  return {
    ok: !rows.some(({ state }) => failOn.includes(state)),
    outputs: { wins: named("wins"), loses: named("loses"), undecided: named("undecided") },
    json: { a: side(a), b: side(b), margin, rows },
    summary: historyMarkdown(comparison),
    text: historyText(comparison),
  };
}
