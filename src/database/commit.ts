import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../errors.ts";
import type { Scratch } from "./scratch.ts";

/** A file to be put on the branch. */
export interface BranchFile {
  path: string;
  text: string;
}

/** A file as a commit holds it. */
interface StoredFile {
  path: string;
  blob: string;
}

interface NewCommit {
  /** null begins a branch of its own. */
  parent: string | null;
  files: readonly BranchFile[];
  message: string;
}

/** Arguments of one git command, well below what the kernel takes. */
const PATHS_AT_ONCE = 500;

/** Makes a commit that adds or replaces files and leaves every other file of its parent as it is. @returns its id */
export async function commitFiles(scratch: Scratch, { parent, files, message }: NewCommit): Promise<string> {
  await scratch.git(["read-tree", parent ?? "--empty"]);
  for (const part of inParts(files)) {
    const blobs = await writeBlobs(scratch, part);
    const entries = part.flatMap(({ path }, i) => ["--cacheinfo", `100644,${blobs[i]},${path}`]);
    await scratch.git(["update-index", "--add", ...entries]);
  }
  // The contents of the parent's files were left on the server; their ids are all that a tree needs.
  const tree = (await scratch.git(["write-tree", "--missing-ok"])).trim();
  const messageFile = join(scratch.folder, "message");
  await writeFile(messageFile, message);
  const parents = parent === null ? [] : ["-p", parent];
  const identity = await identityConfig(scratch);
  return (await scratch.git([...identity, "commit-tree", tree, ...parents, "-F", messageFile])).trim();
}

/** The files among `paths` that a commit has. @throws UserError for one that is not a plain file */
export async function filesAt(scratch: Scratch, commit: string, paths: readonly string[]): Promise<StoredFile[]> {
  const files: StoredFile[] = [];
  for (const part of inParts(paths)) {
    const listing = await scratch.git(["ls-tree", "-z", "--full-tree", commit, "--", ...part]);
    for (const entry of listing.split("\0").filter((line) => line !== "")) {
      const [mode, type, blob, path] = entry.split(/[ \t]/, 4) as [string, string, string, string];
      if (type !== "blob" || mode === "120000") throw new UserError(`${path} on the branch is not a plain file`);
      files.push({ path, blob });
    }
  }
  return files;
}

export async function readFileAt(scratch: Scratch, { blob }: StoredFile): Promise<string> {
  return scratch.git(["cat-file", "blob", blob]);
}

async function writeBlobs(scratch: Scratch, files: readonly BranchFile[]): Promise<string[]> {
  const names = files.map(() => join(scratch.folder, randomUUID()));
  for (const [i, name] of names.entries()) await writeFile(name, files[i]!.text);
  return (await scratch.git(["hash-object", "-w", "--no-filters", "--", ...names])).trim().split("\n");
}

/** The user's own name where git is told it (GIT_AUTHOR_NAME and the like still win); never one guessed from the machine. */
async function identityConfig(scratch: Scratch): Promise<string[]> {
  const { stdout } = await scratch.tryGit(["config", "--get-regexp", "^user\\.(name|email)$"]);
  const isSet = (key: string) => new RegExp(`^user\\.${key} \\S`, "m").test(stdout);
  if (isSet("name") && isSet("email")) return [];
  return ["-c", "user.name=pitwall", "-c", "user.email=pitwall@users.noreply.github.com"];
}

function inParts<T>(items: readonly T[]): T[][] {
  const count = Math.ceil(items.length / PATHS_AT_ONCE);
  return Array.from({ length: count }, (_, i) => items.slice(i * PATHS_AT_ONCE, (i + 1) * PATHS_AT_ONCE));
}
