import { closest } from "fastest-levenshtein";
import { openAppender } from "../../database/append.ts";
import { personName } from "../../database/git-home/plumbing/person.ts";
import { readContent } from "../../database/read/read.ts";
import type { Accepted } from "../../database/records/accepted.ts";
import { UsageError, UserError } from "../../errors.ts";
import { settledLines } from "../../report/tables/verdict-table.ts";
import type { Run } from "../../result/document/run.ts";
import type { Tools } from "../../tools.ts";
import { settledBy } from "../../verdict/acceptance-effect.ts";
import { meantBy, seriesNames } from "../../verdict/accepted.ts";
import { commitText } from "../publish/publish.ts";
import type { Outcome } from "../verb.ts";
import { recordTarget, type TaskHome } from "./record.ts";
import { sayWhatIsLeftOut } from "./report-skipped.ts";
import { checkedIds } from "./run-ids.ts";

const HOW = 'history accept "CELL METRIC" --from RUN --why TEXT, where * stands for any characters';

interface Accepting extends TaskHome {
  /** The words after `history accept`. */
  words: readonly string[];
  /** Ids of the first runs with the new numbers: one for each context that changed. */
  from: readonly string[] | undefined;
  why: string;
  skipDamaged: boolean;
  dryRun: boolean;
}

/** `history accept SERIES… --from RUN… --why TEXT`: from those runs on, the numbers of these series are right. */
export async function accept(inputs: Accepting, tools: Tools): Promise<Outcome> {
  const { words, why, dryRun } = inputs;
  if (words.length === 0) throw new UsageError(`name the series that changed: ${HOW}`);
  const ids = checkedIds(inputs.from ?? [], `say from which run on, with --from RUN: ${HOW}`);
  const target = await recordTarget(inputs, tools);
  const content = await readContent(target.source, { env: tools.env, token: target.token });
  sayWhatIsLeftOut(content, inputs.skipDamaged, tools.report);
  const runs = [...new Set(ids)].map((id) => runOf(content.runs, id, target.place));
  const patterns = [...new Set(words)];
  for (const pattern of patterns) checkPattern(pattern, runs);
  const changes = runs.flatMap((from) =>
    patterns.filter((pattern) => meantBy(pattern, from).length > 0).map((series) => ({ series, from, why })),
  );
  const meant = changes.flatMap(({ series, from }) => meantBy(series, from).map((name) => `${from.id} ${name}`));
  const count = new Set(meant).size;
  const what = `${count} series from ${runs.map(({ id }) => id).join(", ")} on`;
  const settled = settledBy({ runs: content.runs, accepted: content.records.accepted }, changes);
  const scores = scoreLines(changes);
  // A score is held against single runs, sample by sample, before its series is long enough for any alarm.
  const effect = settled.length === 0 && scores.length > 0 ? scores : [...settledLines(settled), ...scores];
  const outputs = { points: 0, runs: runs.length, retracted: [], renamed: 0, accepted: dryRun ? 0 : count };
  if (dryRun) return { ok: true, outputs, text: [`would accept ${what}, in ${target.place}`, ...effect].join("\n") };
  const [at, by] = [new Date().toISOString(), await personName(tools.env)];
  await using appender = await openAppender(target, tools);
  const { commit } = await appender.record(
    "accepted",
    changes.map(({ series, from }): Accepted => ({ schema: "pitwall.accepted/1", series, from: from.id, why, by, at })),
  );
  return {
    ok: true,
    outputs,
    text: [`accepted ${what}, in ${target.place}${commitText(commit)}`, ...effect].join("\n"),
  };
}

const SCORE = / score$/;

/** What accepting means to check-accuracy, a line each task. */
function scoreLines(changes: readonly { series: string; from: Run }[]): string[] {
  const lines = changes.flatMap(({ series, from }) => {
    const checked = new Set(from.cells.filter(({ benchmark }) => benchmark === "check-accuracy").map(({ id }) => id));
    const tasks = meantBy(series, from).filter((name) => SCORE.test(name));
    const cells = tasks.map((name) => name.replace(SCORE, "")).filter((cell) => checked.has(cell));
    return cells.map((cell) => `later runs of ${cell} are held against ${from.id}, or a good one after it`);
  });
  return [...new Set(lines)];
}

function runOf(runs: readonly Run[], id: string, place: string): Run {
  const run = runs.find((one) => one.id === id);
  if (run !== undefined) return run;
  throw new UserError(
    `${id}: no such run in ${place}, or it was retracted. pitwall history --format csv shows the ids`,
  );
}

/** @throws UserError for a pattern that means no series of any of the runs */
function checkPattern(pattern: string, runs: readonly Run[]): void {
  if (runs.some((run) => meantBy(pattern, run).length > 0)) return;
  const names = [...new Set(runs.flatMap(seriesNames))];
  const ids = runs.map(({ id }) => id).join(", ");
  if (names.length === 0) throw new UserError(`no cell of ${ids} has numbers: name the first run that has`);
  throw new UserError(
    `no series of ${ids} is called “${pattern}”; did you mean “${closest(pattern, names)}”? A name is a cell's id and ` +
      "a metric, and * stands for any characters",
  );
}
