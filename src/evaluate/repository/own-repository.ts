import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../../files.ts";
import type { Tools } from "../../tools.ts";
import { provideCommit } from "./mirror.ts";
import { fetchArguments, mustGit, RepositoryError, sealedGit } from "./sealed-git.ts";
import { shownAfter } from "./shown-after.ts";
import type { Source } from "./source.ts";
import { findSubmodules } from "./submodules.ts";

interface OwnRepository {
  /** To be made; empty or not there. */
  folder: string;
  mirrors: string;
  source: Source;
  commit: string;
}

/** Submodules in submodules: nobody needs more, and a circle of them would never end. */
const DEEPEST = 5;

/**
 * Makes a repository that stands at a commit and knows nothing that came later: no ref, journal or object, and nothing shared
 * with another one. Its submodules are such repositories too.
 * @throws RepositoryError
 */
export async function makeOwnRepository({ folder, mirrors, source, commit }: OwnRepository, tools: Tools, depth = 0) {
  const mirror = await provideCommit({ mirrors, source, commit }, tools);
  await makeFolder(folder);
  const git = sealedGit(folder, tools.env, tools.signal);
  await makeGitFolder(join(folder, ".git"));
  await mustGit(git, fetchArguments({ path: mirror }, commit));
  await mustGit(git, ["checkout", "--quiet", "--force", "--detach", commit]);
  const shown = await shownAfter(folder, commit, git);
  if (shown.length > 0) throw new RepositoryError(`the repository shows more than its past: ${shown.join("; ")}`);
  for (const submodule of await findSubmodules(folder, commit, source, git)) {
    if (depth === DEEPEST) throw new RepositoryError(`submodules lie more than ${DEEPEST} deep at ${submodule.folder}`);
    await makeOwnRepository({ mirrors, ...submodule }, tools, depth + 1);
  }
}

/** What `git init` makes, without the process. */
async function makeGitFolder(folder: string): Promise<void> {
  for (const name of ["objects", "refs"]) await makeFolder(join(folder, name));
  await writeFile(join(folder, "HEAD"), "ref: refs/heads/none\n");
  await writeFile(join(folder, "config"), "[core]\n\trepositoryformatversion = 0\n\tbare = false\n");
}
