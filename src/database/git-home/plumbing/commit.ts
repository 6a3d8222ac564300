import { createHash } from "node:crypto";
import { UserError } from "../../../errors.ts";
import type { CommitMessage } from "../../../foreign-text/commit-message.ts";
import type { GitConfig } from "../../../machine/git.ts";
import { checkSize } from "../../document/text-file.ts";
import type { Scratch } from "./scratch.ts";
import { isPlainFile, type TreeEntry, treeEntries } from "./tree.ts";

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

/** New text, a content that git has already, or a file that goes. */
export type BranchChange = BranchFile | StoredFile | { path: string; removed: true };

interface NewCommit {
  /** null begins a branch of its own. */
  parent: string | null;
  files: readonly BranchChange[];
  message: CommitMessage;
  author: GitConfig;
}

/** Arguments of one git command, well below what the kernel takes. */
const PATHS_AT_ONCE = 500;
/** Fast-import writes commits only; of this one nothing but the tree is used. */
const TREE_HOLDER = "refs/pitwall/tree";

/** The name that git gives to a content in a repository of SHA-1 names. */
export function blobId(content: string | Buffer): string {
  const bytes = Buffer.from(content);
  return createHash("sha1").update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}

/**
 * Makes a commit that adds, replaces or removes files and leaves every other file of its parent as it is. Without an index,
 * which would hold every file of the branch: only the folders on the way to the files are read.
 * @returns its id
 */
export async function commitFiles(scratch: Scratch, { parent, files, message, author }: NewCommit): Promise<string> {
  const holder = (await scratch.git(["fast-import", "--quiet", "--force"], treeStream(parent, files))).trim();
  const parents = parent === null ? [] : ["-p", parent];
  const identity = author.flatMap(([key, value]) => ["-c", `${key}=${value}`]);
  // Unlike `git commit`, it does not look at commit.gpgsign itself.
  const signed = scratch.signsCommits ? ["-S"] : [];
  const commit = [...identity, "commit-tree", `${holder}^{tree}`, ...parents, ...signed, "-F", "-"];
  return (await scratch.git(commit, message.source)).trim();
}

/** The format of git-fast-import(1); paths of ours need no quotes. */
function treeStream(parent: string | null, files: readonly BranchChange[]): string {
  const from = parent === null ? "" : `from ${parent}\n`;
  const changes = files.map((file) => {
    if ("removed" in file) return `D ${file.path}\n`;
    if ("text" in file) return `M 100644 inline ${file.path}\n${data(file.text)}`;
    return `M 100644 ${file.blob} ${file.path}\n`;
  });
  const head = `commit ${TREE_HOLDER}\nmark :1\ncommitter pitwall <> 0 +0000\n${data("")}${from}`;
  return `${head}${changes.join("")}\nget-mark :1\n`;
}

const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;

/** The files among `paths` that a commit has. @throws UserError for one that is not a plain file */
export async function filesAt(scratch: Scratch, commit: string, paths: readonly string[]): Promise<StoredFile[]> {
  const files: StoredFile[] = [];
  for (const part of inParts(paths)) {
    files.push(...plainFiles(await treeEntries(scratch, commit, { paths: part })));
  }
  return files;
}

/** All files below some folders of a commit. @throws UserError for one that is not a plain file */
export async function filesUnder(scratch: Scratch, commit: string, folders: readonly string[]): Promise<StoredFile[]> {
  return plainFiles(await treeEntries(scratch, commit, { paths: folders, isDeep: true }));
}

/** All plain files of a commit, whatever else it has. */
export async function plainFilesAt(scratch: Scratch, commit: string): Promise<StoredFile[]> {
  return (await treeEntries(scratch, commit, { isDeep: true })).filter(isPlainFile);
}

function plainFiles(entries: readonly TreeEntry[]): StoredFile[] {
  return entries.map((entry) => {
    if (!isPlainFile(entry)) throw new UserError(`${entry.path} on the branch is not a plain file`);
    return { path: entry.path, blob: entry.blob };
  });
}

/** @throws UserError for one that is too large to be a document */
export async function readFileAt(scratch: Scratch, { path, blob }: StoredFile): Promise<string> {
  checkSize(Number(await scratch.git(["cat-file", "-s", blob])), path);
  return scratch.git(["cat-file", "blob", blob]);
}

function inParts<T>(items: readonly T[]): T[][] {
  const count = Math.ceil(items.length / PATHS_AT_ONCE);
  return Array.from({ length: count }, (_, i) => items.slice(i * PATHS_AT_ONCE, (i + 1) * PATHS_AT_ONCE));
}
