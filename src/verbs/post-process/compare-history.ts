import { NoHistoryError, readContent } from "../../database/read/read.ts";
import { shownContent } from "../../database/read/shown.ts";
import { named } from "../../database/records/applied.ts";
import { changeCells } from "../../database/records/renaming.ts";
import { UserError } from "../../errors.ts";
import { shownRun } from "../../result/checks/shown-run.ts";
import type { Run } from "../../result/document/run.ts";
import type { Tools } from "../../tools.ts";
import { judgeRun, type RunVerdict } from "../../verdict/judge-run.ts";
import { historyHome } from "../history/home.ts";
import { sayWhatIsDamaged } from "../history/report-skipped.ts";
import { baselineRef } from "../trigger/baseline.ts";

interface Comparing {
  /** The data branch; nothing is compared without. */
  database?: string | undefined;
  branch?: string | undefined;
  token?: string | undefined;
  /** Branch or ref whose runs are the baseline. */
  baseline?: string | undefined;
}

/**
 * The verdict of a run that was just measured. It only ever warns: a history that cannot be read must not keep the run from
 * being published.
 * @returns null when there is nothing to compare with, and when it was interrupted
 */
export async function compareWithHistory(
  run: Run,
  { baseline, ...inputs }: Comparing,
  tools: Tools,
): Promise<RunVerdict | null> {
  const { report, env, signal } = tools;
  if (inputs.database === undefined || signal.aborted) return null;
  try {
    const { source, token } = await historyHome(inputs, env);
    const content = shownContent(await readContent(source, { env, token, signal }));
    // Only damage is told: retracted runs are for whoever asks for the history.
    sayWhatIsDamaged(content.problems, true, report);
    const [own] = named([run], content.found, changeCells);
    const ref = await baselineRef(run, baseline, env);
    const verdict = judgeRun(shownRun(own!), { runs: content.runs, accepted: content.records.accepted }, ref);
    if (verdict.baselineRuns === 0 && content.runs.length > 0) report.info(noBaseline(ref, content.runs, verdict));
    return verdict;
  } catch (error) {
    if (signal.aborted && error === signal.reason) return null;
    if (!(error instanceof UserError)) throw error;
    if (error instanceof NoHistoryError) report.info(`no history yet to compare with: ${error.message}`);
    else report.warning(`the run was not compared with its history: ${error.message}`);
    return null;
  }
}

function noBaseline(ref: string | null, runs: readonly Run[], { newArguments }: RunVerdict): string {
  if (newArguments !== undefined) {
    return `the earlier runs of ${ref ?? "no ref"} had other engine arguments (${newArguments}): a series of its own begins with this run`;
  }
  const refs = [...new Set(runs.map(({ trigger }) => trigger.ref ?? "no ref"))];
  const shown = `${refs.slice(0, 5).join(", ")}${refs.length > 5 ? ` and ${refs.length - 5} more` : ""}`;
  return `no earlier run of ${ref ?? "no ref"} in this context to compare with; the history has runs of ${shown}`;
}
