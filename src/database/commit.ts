import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../errors.ts";
import type { GitConfig } from "./git.ts";
import type { Scratch } from "./scratch.ts";

/** A file to be put on the branch. */
export interface BranchFile {
  path: string;
  text: string;
}

/** A file whose content git has. */
export interface StoredFile {
  path: string;
  blob: string;
}

interface NewCommit {
  /** null begins a branch of its own. */
  parent: string | null;
  files: readonly StoredFile[];
  message: string;
  author: GitConfig;
}

/** Arguments of one git command, well below what the kernel takes. */
const PATHS_AT_ONCE = 500;

/** Hands contents to git, which names them by their hash. */
export async function storeFiles(scratch: Scratch, files: readonly BranchFile[]): Promise<StoredFile[]> {
  const stored: StoredFile[] = [];
  for (const part of inParts(files)) {
    const names = part.map(() => join(scratch.folder, randomUUID()));
    for (const [i, name] of names.entries()) await writeFile(name, part[i]!.text);
    const blobs = (await scratch.git(["hash-object", "-w", "--no-filters", "--", ...names])).trim().split("\n");
    stored.push(...part.map(({ path }, i) => ({ path, blob: blobs[i]! })));
  }
  return stored;
}

/** Makes a commit that adds or replaces files and leaves every other file of its parent as it is. @returns its id */
export async function commitFiles(scratch: Scratch, { parent, files, message, author }: NewCommit): Promise<string> {
  await scratch.git(["read-tree", parent ?? "--empty"]);
  for (const part of inParts(files)) {
    const entries = part.flatMap(({ path, blob }) => ["--cacheinfo", `100644,${blob},${path}`]);
    await scratch.git(["update-index", "--add", ...entries]);
  }
  // The contents of the parent's files were left on the server; their ids are all that a tree needs.
  const tree = (await scratch.git(["write-tree", "--missing-ok"])).trim();
  const messageFile = join(scratch.folder, "message");
  await writeFile(messageFile, message);
  const parents = parent === null ? [] : ["-p", parent];
  const identity = author.flatMap(([key, value]) => ["-c", `${key}=${value}`]);
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

/**
 * What must be set for a commit to have an author: nothing where git is told the user's name (GIT_AUTHOR_NAME and the
 * like win anyway), else ours; never one that git would guess from the machine.
 */
export async function authorConfig(scratch: Scratch): Promise<GitConfig> {
  const { stdout } = await scratch.tryGit(["config", "--get-regexp", "^user\\.(name|email)$"]);
  const isSet = (key: string) => new RegExp(`^user\\.${key} \\S`, "m").test(stdout);
  if (isSet("name") && isSet("email")) return [];
  return [
    ["user.name", "pitwall"],
    ["user.email", "pitwall@users.noreply.github.com"],
  ];
}

function inParts<T>(items: readonly T[]): T[][] {
  const count = Math.ceil(items.length / PATHS_AT_ONCE);
  return Array.from({ length: count }, (_, i) => items.slice(i * PATHS_AT_ONCE, (i + 1) * PATHS_AT_ONCE));
}
