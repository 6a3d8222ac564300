import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../errors.ts";
import { type FolderContent, readFolder } from "../read/folder.ts";
import { fetchTip, GitError, type Scratch } from "./plumbing/scratch.ts";
import { checkOutInto, prepareFiles } from "./plumbing/tree.ts";

/**
 * What readers see of a commit that was the tip a moment ago.
 * @throws GitError of kind `lost-race` when the branch has moved since; UserError naming a damaged file
 */
export async function runsAt(scratch: Scratch, branch: string, commit: string): Promise<FolderContent> {
  if ((await fetchTip(scratch, branch, "everything")) !== commit) {
    throw new GitError({ kind: "lost-race", message: `${branch} has moved`, lacksRights: false });
  }
  const folder = await mkdtemp(join(scratch.folder, "runs-"));
  try {
    await prepareFiles(scratch, commit);
    await checkOutInto(scratch, folder);
    const content = await readFolder(folder);
    const [problem] = content.problems;
    if (problem === undefined) return content;
    throw new UserError(`the data branch has damaged or unknown files: ${problem.message}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
