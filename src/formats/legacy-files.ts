import type { BranchFile } from "../database/commit.ts";
import { LEGACY_FILES } from "../database/layout.ts";
import { UserError } from "../errors.ts";
import type { Run } from "../result/run.ts";
import { contextKey, contextOf } from "../result/series.ts";
import type { Reporter } from "../verbs/verb.ts";
import { exportConcurrency, exportLatencies, exportServing } from "./seed-export.ts";

const EXPORTS = {
  "data.json": exportLatencies,
  "e2e_benchmark_data.json": exportServing,
  "max_concurrency_benchmark_data.json": exportConcurrency,
} satisfies { [N in (typeof LEGACY_FILES)[number]]: (runs: Run[]) => string };

/**
 * Makes the files of an older history, from the runs of whatever was published last: they tell neither host nor model nor
 * client, and numbers of two are never mixed. A file that cannot tell two cells apart is left as it was, with a warning.
 */
export function legacyFiles(report: Pick<Reporter, "warning">) {
  return (runs: readonly Run[], added: readonly Run[]): BranchFile[] => {
    const wanted = contextKey(contextOf(added.at(-1)!));
    const alike = runs.filter((run) => contextKey(contextOf(run)) === wanted);
    return LEGACY_FILES.flatMap((path) => {
      try {
        return [{ path, text: EXPORTS[path](alike) }];
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        report.warning(`${path} is left as it was: ${error.message}`);
        return [];
      }
    });
  };
}
