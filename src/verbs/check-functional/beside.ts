import { NoHistoryError, readContent } from "../../database/read/read.ts";
import { shownContent } from "../../database/read/shown.ts";
import { UserError } from "../../errors.ts";
import { readJson } from "../../files.ts";
import { changesBetween } from "../../functional/report/against.ts";
import { pastOfCases } from "../../functional/report/history.ts";
import type { Beside } from "../../functional/report/markdown.ts";
import { FunctionalReport } from "../../functional/report/report.ts";
import type { Run } from "../../result/document/run.ts";
import type { Tools } from "../../tools.ts";
import { historyHome } from "../history/home.ts";
import { sayWhatIsDamaged } from "../history/report-skipped.ts";
import type { CheckFunctionalInputs } from "./inputs.ts";

/**
 * Reads what a report is held against before anything is asked: an earlier one, and the history.
 * @returns what there is to say of a report beside it
 * @throws UserError for an earlier report that is none
 */
export async function besideReport(
  inputs: Pick<CheckFunctionalInputs, "against" | "database" | "branch" | "token">,
  tools: Tools,
): Promise<(done: FunctionalReport) => Promise<Beside>> {
  const before = inputs.against === undefined ? undefined : await readJson(inputs.against, FunctionalReport);
  return async (done) => {
    const runs = inputs.database === undefined ? undefined : await runsBefore(inputs, tools);
    return {
      ...(before === undefined ? {} : { changes: changesBetween(before, done) }),
      ...(runs === undefined ? {} : { history: pastOfCases(done, runs) }),
    };
  };
}

/** A history that cannot be read must not cost the results. */
async function runsBefore(
  inputs: Parameters<typeof historyHome>[0],
  tools: Tools,
): Promise<readonly Run[] | undefined> {
  const { env, signal, report } = tools;
  try {
    const { source, token } = await historyHome(inputs, env);
    const content = shownContent(await readContent(source, { env, token, signal }));
    sayWhatIsDamaged(content.problems, true, report);
    return content.runs;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    if (error instanceof NoHistoryError) report.info(`no history yet: ${error.message}`);
    else report.warning(`the cases were not held against the history: ${error.message}`);
    return undefined;
  }
}
