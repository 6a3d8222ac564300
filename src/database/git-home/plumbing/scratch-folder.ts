import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf, UserError } from "../../../errors.ts";
import { makeFolder } from "../../../files.ts";
import { SCRATCH_PREFIX } from "./git-failure.ts";

/** Goes before any .gitattributes of the branch, so that files come out byte for byte. */
const NO_CONVERSION = "* -text -ident -filter -working-tree-encoding\n";

/** A temporary folder with an empty git folder `git` in it. @throws UserError that names TMPDIR */
export async function makeScratchFolder(): Promise<string> {
  let folder: string | undefined;
  try {
    folder = await mkdtemp(join(tmpdir(), SCRATCH_PREFIX));
    await makeGitFolder(join(folder, "git"));
    return folder;
  } catch (cause) {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    const what = `the folder of temporary files, ${tmpdir()} (TMPDIR), could not be written`;
    throw new UserError(`${what}: ${messageOf(cause)}`, { cause });
  }
}

/** What `git init` makes, without the process. */
async function makeGitFolder(folder: string): Promise<void> {
  for (const name of ["objects", "refs", "info"]) await makeFolder(join(folder, name));
  await writeFile(join(folder, "HEAD"), "ref: refs/heads/none\n");
  await writeFile(join(folder, "config"), "[core]\n\trepositoryformatversion = 1\n\tbare = true\n");
  await writeFile(join(folder, "info", "attributes"), NO_CONVERSION);
}
