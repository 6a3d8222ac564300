import { UserError } from "../../errors.ts";
import { isDataFolder, kindOfPath, MARKER_FILE } from "../document/layout.ts";
import type { Scratch } from "./plumbing/scratch.ts";

/** A file that is to be put on the branch. */
interface Wanted {
  path: string;
  blob: string;
}

interface Entry {
  path: string;
  mode: string;
  blob: string;
}

/**
 * Looks at what lies on the way of an append: the top, and each folder down to its files. More would cost as much as the
 * branch is large; `verify` looks at all of it.
 * @returns the plain files at the top; none for a branch of another kind, which has no marker
 * @throws UserError naming what readers would stop at
 */
export async function checkWay(scratch: Scratch, commit: string, files: readonly Wanted[]): Promise<Wanted[]> {
  const top = await entriesIn(scratch, commit, []);
  if (!top.some(({ path }) => path === MARKER_FILE)) return [];
  const below = await entriesIn(scratch, commit, foldersOf(files));
  for (const entry of [...top, ...below]) {
    const problem = problemOf(entry);
    if (problem !== null) throw new UserError(`${entry.path} ${problem}`);
  }
  return top.filter(({ mode }) => mode.startsWith("100"));
}

function problemOf({ path, mode }: Entry): string | null {
  const kind = kindOfPath(path);
  if (kind === "hidden") return null;
  const isFolder = mode === FOLDER;
  if (isFolder && isDataFolder(path)) return null;
  if (kind !== "unknown") return mode.startsWith("100") ? null : "is not a plain file";
  return isFolder ? "is a folder that does not belong on a data branch" : "does not belong on a data branch";
}

const FOLDER = "040000";

/** `runs/2026/11/a.json` → `runs/`, `runs/2026/`, `runs/2026/11/` */
function foldersOf(files: readonly Wanted[]): string[] {
  const folders = files.flatMap(({ path }) => [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index + 1)));
  return [...new Set(folders)];
}

/** @param folders with a slash at the end; none for the top. A folder that is not there has no entries */
export async function entriesIn(scratch: Scratch, commit: string, folders: readonly string[]): Promise<Entry[]> {
  const listing = await scratch.git(["ls-tree", "-z", "--full-tree", commit, "--", ...folders]);
  const lines = listing.split("\0").filter((line) => line !== "");
  return lines.map((line) => {
    const tab = line.indexOf("\t");
    const [mode = "", , blob = ""] = line.slice(0, tab).split(" ");
    return { path: line.slice(tab + 1), mode, blob };
  });
}
