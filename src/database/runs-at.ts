import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../errors.ts";
import type { Run } from "../result/run.ts";
import { readFolder } from "./folder.ts";
import { fetchTip, GitError, type Scratch } from "./scratch.ts";

/**
 * Every run of a commit that was the tip a moment ago.
 * @throws GitError of kind `lost-race` when the branch has moved since; UserError naming a damaged file
 */
export async function runsAt(scratch: Scratch, branch: string, commit: string): Promise<Run[]> {
  if ((await fetchTip(scratch, branch, "everything")) !== commit) {
    throw new GitError({ kind: "lost-race", message: `${branch} has moved` });
  }
  const folder = await mkdtemp(join(scratch.folder, "runs-"));
  try {
    await scratch.git(["read-tree", commit]);
    await scratch.git([`--work-tree=${folder}`, "checkout-index", "--all", "--force"]);
    const { runs, problems } = await readFolder(folder);
    if (problems.length === 0) return runs;
    throw new UserError(`the data branch has damaged or unknown files: ${problems[0]!.message}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
