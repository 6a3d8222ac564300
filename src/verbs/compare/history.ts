import { chooseRuns } from "../../arms/history/choose-runs.ts";
import { compareRuns } from "../../arms/history/compare-runs.ts";
import { SavedHistoryComparison } from "../../arms/history/saved-comparison.ts";
import { type HistoryComparison, historyMarkdown, historyText } from "../../arms/report/history-table.ts";
import { byTime } from "../../database/document/layout.ts";
import type { FolderContent } from "../../database/read/folder.ts";
import { readContent } from "../../database/read/read.ts";
import { shownContent } from "../../database/read/shown.ts";
import { type Found, named, noRecords } from "../../database/records/applied.ts";
import { changeCells } from "../../database/records/renaming.ts";
import { UsageError } from "../../errors.ts";
import { readJson, writeJson } from "../../files.ts";
import { shownRun } from "../../result/checks/shown-run.ts";
import { Run } from "../../result/document/run.ts";
import type { Tools } from "../../tools.ts";
import { historyComparisonFile } from "../../working-folder/names.ts";
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
  /** Folder to leave what came of it in. */
  output?: string | undefined;
}

/** Compares what was measured before. @throws UsageError for words that mean no runs, or the same ones */
export async function compareHistory(question: HistoryQuestion, tools: Tools): Promise<Outcome> {
  const [wordA, wordB, ...more] = question.runs;
  if (wordA === undefined || wordB === undefined || more.length > 0) {
    throw new UsageError(`compare takes two sides, A and B, not ${question.runs.length}: compare main v0.33.0`);
  }
  const { runs: stored, found } = await storedRuns(question, tools);
  const [a, b] = await Promise.all([wordA, wordB].map((word) => sideOf(word, stored, found)));
  const ofB = new Set(b!.map(({ id }) => id));
  const twins = a!.filter(({ id }) => ofB.has(id));
  if (twins.length > 0) throw new UsageError(`“${wordA}” and “${wordB}” both mean run ${twins[0]!.id}: name two sides`);
  const history = [...new Map([...stored, ...a!, ...b!].map((run) => [run.id, run])).values()].toSorted(byTime);
  const { margin, cell = "" } = question;
  const rows = compareRuns({ a: a!, b: b!, history, margin }).filter((row) => row.cell.includes(cell));
  if (rows.length === 0) throw new UsageError(`neither side has a number of a cell with “${cell}” in its id`);
  const comparison = { a: { word: wordA, runs: a! }, b: { word: wordB, runs: b! }, margin, rows };
  if (question.output !== undefined) await save(comparison, question.output);
  return outcomeOf(comparison, question);
}

async function save(comparison: HistoryComparison, output: string): Promise<void> {
  const comparedAt = new Date().toISOString();
  const saved = { schema: "pitwall.history-comparison/1", comparedAt, ...jsonOf(comparison) };
  await writeJson(historyComparisonFile(output), SavedHistoryComparison.parse(saved));
}

function jsonOf({ a, b, margin, rows }: HistoryComparison) {
  const side = ({ word, runs }: HistoryComparison["a"]) => ({ word, runs: runs.map(({ id }) => id) });
  return { a: side(a), b: side(b), margin, rows };
}

/** Two files need no history, and there may be none. */
async function storedRuns(
  question: HistoryQuestion,
  { env, signal, report }: Tools,
): Promise<Pick<FolderContent, "runs" | "found">> {
  if (question.database === undefined && question.runs.every(isFile)) return { runs: [], found: noRecords() };
  const { source, token } = await historyHome(question, env);
  const content = shownContent(await readContent(source, { env, token, signal }));
  sayWhatIsLeftOut(content, question.skipDamaged, report);
  return content;
}

/** Also where there is none, which reading it says; a branch of such a name has `ref:` before it. */
const isFile = (word: string) => word.endsWith(".json") && !/^[a-z]+:/.test(word);

/** A document from elsewhere is seen as the history's own runs are, by the names of today. */
async function sideOf(word: string, stored: readonly Run[], found: Found): Promise<Run[]> {
  if (!isFile(word)) return chooseRuns(word, stored, Date.now());
  return named([await readJson(word, Run)], found, changeCells).map(shownRun);
}

function outcomeOf(comparison: HistoryComparison, { failOn = [] }: HistoryQuestion): Outcome {
  const { rows } = comparison;
  const named = (state: string) =>
    rows.filter((row) => row.state === state).map(({ cell, metric }) => `${cell} ${metric}`);
  return {
    ok: !rows.some(({ state }) => failOn.includes(state)),
    outputs: { wins: named("wins"), loses: named("loses"), undecided: named("undecided") },
    json: jsonOf(comparison),
    summary: historyMarkdown(comparison),
    text: historyText(comparison),
  };
}
