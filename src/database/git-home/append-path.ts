import { UserError } from "../../errors.ts";
import { isDataFolder, kindOfPath, MARKER_FILE } from "../document/layout.ts";
import type { Scratch } from "./plumbing/scratch.ts";
import { isPlainFile, type TreeEntry, treeEntries } from "./plumbing/tree.ts";

/** A file that is to be put on the branch. */
interface Wanted {
  path: string;
  blob: string;
}

/**
 * Looks at what lies on the way of an append: the top, and each folder down to its files. More would cost as much as the
 * branch is large; `verify` looks at all of it.
 * @returns the plain files at the top; none for a branch of another kind, which has no marker
 * @throws UserError naming what readers would stop at
 */
export async function checkWay(scratch: Scratch, commit: string, files: readonly Wanted[]): Promise<Wanted[]> {
  const top = await treeEntries(scratch, commit);
  if (!top.some(({ path }) => path === MARKER_FILE)) return [];
  const below = await treeEntries(scratch, commit, { paths: foldersOf(files) });
  for (const entry of [...top, ...below]) {
    const problem = problemOf(entry);
    if (problem !== null) throw new UserError(`${entry.path} ${problem}`);
  }
  return top.filter(isPlainFile);
}

function problemOf(entry: TreeEntry): string | null {
  const { path, mode } = entry;
  const kind = kindOfPath(path);
  if (kind === "hidden") return null;
  const isFolder = mode === FOLDER;
  if (isFolder && isDataFolder(path)) return null;
  if (kind !== "unknown") return isPlainFile(entry) ? null : "is not a plain file";
  return isFolder ? "is a folder that does not belong on a data branch" : "does not belong on a data branch";
}

const FOLDER = "040000";

/** `runs/2026/11/a.json` → `runs/`, `runs/2026/`, `runs/2026/11/` */
function foldersOf(files: readonly Wanted[]): string[] {
  const folders = files.flatMap(({ path }) => [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index + 1)));
  return [...new Set(folders)];
}
