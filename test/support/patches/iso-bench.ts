import { join } from "node:path";
import { readNotes } from "../../../src/arms/commits/read/analysis.ts";
import { readResults } from "../../../src/arms/commits/read/results-folder.ts";
import { patchReport } from "../../../src/arms/commits/report/patch-report.ts";
import { tasksOf } from "../../../src/arms/commits/tasks.ts";
import { readCommitMapping } from "../../../src/images/specs/commit-mapping.ts";
import { PACKAGE_ROOT } from "../../../src/package-root.ts";

/** ISO-Bench's own results and mappings; its README says what was shortened. */
const ISO_BENCH = join(PACKAGE_ROOT, "test/fixtures/iso-bench");
export const MAPPING = join(ISO_BENCH, "mappings/baseline_benchmark_mapping_complete.json");
export const ANALYSES = ["comprehensive_commit_analysis", "detailed_failure_analysis", "commit_fixes"].map((name) =>
  join(ISO_BENCH, `mappings/${name}.json`),
);
export const resultsIn = (folder: string) => join(ISO_BENCH, "results", folder);

/** The report on folders of its results, in the order in which their results go before others. */
export async function isoBenchReport(folders: readonly (readonly [agent: string | undefined, folder: string])[]) {
  const sources = folders.map(async ([agent, folder]) => ({ agent, results: await readResults(resultsIn(folder)) }));
  const known = { pairs: await readCommitMapping(MAPPING), notes: await readNotes(ANALYSES) };
  return patchReport(tasksOf({ ...known, sources: await Promise.all(sources) }), 0.02);
}

/** The folders of which the published table was made. */
export const PUBLISHED = [
  [undefined, "separate_agent"],
  [undefined, "separate_baseline"],
] as const;
