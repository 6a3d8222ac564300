import { startedNowhere } from "../../result/assemble/started-nowhere.ts";
import type { Run } from "../../result/document/run.ts";
import type { Tools } from "../../tools.ts";

export interface RunFile {
  file: string;
  run: Run;
}

interface Sorted {
  publishable: RunFile[];
  kept: RunFile[];
}

/**
 * A run in which no engine came up because of the machine says nothing of any engine: it stays out of the history unless that
 * is asked for. In GitHub Actions it is published, for a night without numbers is a fact there that people look for.
 */
export function withoutUnstarted(
  documents: RunFile[],
  { publishFailed }: { publishFailed: boolean },
  { report, env }: Tools,
): Sorted {
  const sorted: Sorted = { publishable: [], kept: [] };
  for (const document of documents) {
    const { run, file } = document;
    const detail = publishFailed ? null : startedNowhere(run);
    const why = `no engine started because of this machine: ${detail?.split("\n")[0]}`;
    if (detail === null) sorted.publishable.push(document);
    else if (env.GITHUB_ACTIONS === "true") {
      report.info(
        `${why}\nThe run ${run.id} is published all the same: in a workflow a night without numbers is a fact`,
      );
      sorted.publishable.push(document);
    } else {
      report.error(
        `the run ${run.id} is not published, for ${why}\nIt is kept in ${file}. Mend the machine (pitwall doctor says what ` +
          `is missing) and measure again, or publish the failure: pitwall publish --run ${file} --publish-failed`,
      );
      sorted.kept.push(document);
    }
  }
  return sorted;
}
