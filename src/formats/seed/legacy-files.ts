import { LEGACY_FILES } from "../../database/document/layout.ts";
import { type BranchFile, blobId } from "../../database/git-home/plumbing/commit.ts";
import type { BesideFiles, SeenChange } from "../../database/home.ts";
import { UserError } from "../../errors.ts";
import type { Run } from "../../result/document/run.ts";
import { contextKey, contextOf } from "../../result/series/series.ts";
import type { Reporter } from "../../tools.ts";
import { exportConcurrency, exportLatencies, exportServing } from "./export.ts";

const EXPORTS = {
  "data.json": exportLatencies,
  "e2e_benchmark_data.json": exportServing,
  "max_concurrency_benchmark_data.json": exportConcurrency,
} satisfies { [N in (typeof LEGACY_FILES)[number]]: (runs: Run[]) => string };

/**
 * Makes the files of an older history, from the runs of whatever was published last, real ones first: they tell neither host nor model nor
 * client, and numbers of two are never mixed. A file that cannot tell two cells apart is left as it was, with a warning.
 */
export function legacyFiles(report: Report): BesideFiles["published"] {
  return (runs, published) => {
    // They cannot say that numbers are simulated, so these never take the place of real ones.
    const last = published.findLast(isReal) ?? runs.findLast(isReal) ?? published.at(-1)!;
    return LEGACY_FILES.flatMap((path) => fileOf(path, alike(runs, last), report));
  };
}

/**
 * Makes those that the branch has once more, after runs were retracted or renamed. Whose numbers they hold they do not say:
 * it is whoever's runs gave the very same files.
 */
export function renewedLegacyFiles(report: Report): BesideFiles["renewed"] {
  return ({ before, after, there }) => {
    const filled = there.filter(({ blob }) => !EMPTY.includes(blob));
    const machines = [...Map.groupBy(before, keyOf).values()];
    const shown = machines.map((runs) => ({ runs, files: filled.filter((file) => isOf(file, runs)) }));
    const { runs, files } = shown.toSorted((a, b) => b.files.length - a.files.length)[0] ?? { runs: [], files: [] };
    const missed = filled.filter((file) => !files.includes(file)).map(({ path }) => path);
    if (missed.length > 0) {
      report.warning(
        `${missed.join(", ")}: left as it was, for it holds other numbers than the runs of any one machine give. ` +
          "The next publish with --legacy-files makes it anew",
      );
    }
    if (files.length === 0) return [];
    const ids = new Set(runs.map(({ id }) => id));
    const last = after.findLast(({ id }) => ids.has(id));
    return LEGACY_FILES.filter((path) => !missed.includes(path) && there.some((file) => file.path === path)).flatMap(
      (path) => fileOf(path, last === undefined ? [] : alike(after, last), report),
    );
  };
}

type LegacyFile = (typeof LEGACY_FILES)[number];
type Report = Pick<Reporter, "warning">;

const isReal = ({ simulated }: Run) => !simulated;
const keyOf = (run: Run) => contextKey(contextOf(run));
const alike = (runs: readonly Run[], one: Run) => runs.filter((run) => keyOf(run) === keyOf(one));

/** Files of no number. */
const EMPTY = ["[]", "{}"].map(blobId);

const isOf = ({ path, blob }: SeenChange["there"][number], runs: Run[]) =>
  fileOf(path as LegacyFile, runs, { warning: () => undefined }).some(({ text }) => blobId(text) === blob);

function fileOf(path: LegacyFile, runs: Run[], report: Report): BranchFile[] {
  try {
    return [{ path, text: EXPORTS[path](runs) }];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    report.warning(`${path} is left as it was: ${error.message}`);
    return [];
  }
}
