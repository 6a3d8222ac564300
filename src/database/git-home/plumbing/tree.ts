import type { Scratch } from "./scratch.ts";

/** What a folder of a commit has: a file, a link, a folder. */
export interface TreeEntry {
  path: string;
  /** As git writes it: `100644`, `040000`. */
  mode: string;
  /** Git's id of what it holds. */
  blob: string;
}

interface Part {
  /** Files, or folders with a slash at the end for what they hold; absent: the top. One that is not there has no entry. */
  paths?: readonly string[];
  /** Whether to go down into folders and list only what is none. */
  isDeep?: boolean;
}

export async function treeEntries(
  scratch: Scratch,
  commit: string,
  { paths = [], isDeep = false }: Part = {},
): Promise<TreeEntry[]> {
  const depth = isDeep ? ["-r"] : [];
  const listing = await scratch.git(["ls-tree", ...depth, "-z", "--full-tree", commit, "--", ...paths]);
  const lines = listing.split("\0").slice(0, -1);
  return lines.map((line) => {
    const [mode = "", , blob = ""] = line.split(/[ \t]/, 3);
    return { path: line.slice(line.indexOf("\t") + 1), mode, blob };
  });
}

export const isPlainFile = ({ mode }: TreeEntry) => mode.startsWith("100");

/** Has the files of a commit ready for {@link checkOutInto}. */
export async function prepareFiles(scratch: Scratch, commit: string): Promise<void> {
  await scratch.git(["read-tree", commit]);
}

/** Writes prepared files, all or some, into a folder that is there, byte for byte. */
export async function checkOutInto(scratch: Scratch, folder: string, paths?: readonly string[]): Promise<void> {
  const command = [`--work-tree=${folder}`, "checkout-index", "--force"];
  if (paths === undefined) await scratch.git([...command, "--all"]);
  else await scratch.git([...command, "-z", "--stdin"], paths.map((path) => `${path}\0`).join(""));
}
