import { UserError } from "../../errors.ts";
import type { Run } from "../../result/document/run.ts";
import { type DatabaseMarker, parseMarker } from "../document/database-marker.ts";
import { MARKER_FILE } from "../document/layout.ts";
import { readDatabase } from "../read/read.ts";
import { readFileAt, type StoredFile } from "./plumbing/commit.ts";
import { GitError, type Scratch } from "./plumbing/scratch.ts";

interface Target {
  repository: string;
  branch: string;
  /** The branch, in words. */
  place: string;
  token?: string | undefined;
  allowSimulated?: boolean;
  env: NodeJS.ProcessEnv;
}

/** @throws UserError for a branch without a good pitwall.json: it is not ours to write to, or damaged */
export async function readMarker(scratch: Scratch, there: StoredFile[], place: string): Promise<DatabaseMarker> {
  const file = there.find(({ path }) => path === MARKER_FILE);
  if (file === undefined) {
    throw new UserError(
      `the branch ${place} has no ${MARKER_FILE}: it is not a data branch, or it is damaged. Nothing was published; ` +
        "name another with --branch, or bring the file back from the branch's history",
    );
  }
  try {
    return parseMarker(await readFileAt(scratch, file), MARKER_FILE);
  } catch (cause) {
    if (!(cause instanceof UserError) || cause instanceof GitError) throw cause;
    throw new UserError(`the branch ${place} is damaged; nothing was published. ${cause.message}`, { cause });
  }
}

/**
 * What the branch holds once `added` is on it; `holds` only ever goes from simulated to real.
 * @throws UserError when simulated runs would join real ones unasked
 */
export async function markerAfter(
  before: DatabaseMarker | null,
  added: readonly Run[],
  target: Target,
): Promise<DatabaseMarker> {
  const simulated = added.filter((run) => run.simulated);
  const addsReal = added.some(hasRealNumbers);
  const held = before === null ? null : (before.holds ?? (addsReal ? "real" : await lookAtAll(target)));
  if (simulated.length > 0 && (held === "real" || addsReal) && target.allowSimulated !== true) {
    throw new UserError(
      `${simulated.map(({ id }) => id).join(", ")} is simulated, and ${target.place} holds runs of real ` +
        "engines. Publish it to another --branch or folder, or add --allow-simulated",
    );
  }
  return { schema: "pitwall.database/1", holds: addsReal || held === "real" ? "real" : "simulated" };
}

/** For a branch whose marker does not say what it holds: once, as the next commit says it. */
async function lookAtAll({ repository, branch, token, env }: Target) {
  const { runs } = await readDatabase({ repository, branch }, { env, token });
  return runs.some(hasRealNumbers) ? "real" : "simulated";
}

/** A run that failed before it measured anything brings no number that a simulated one could be taken for. */
function hasRealNumbers(run: Run): boolean {
  return !run.simulated && run.cells.some((cell) => cell.status === "ok");
}
