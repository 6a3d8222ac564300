import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { counted } from "../../result/counted.ts";
import { type Git, mustGit } from "./sealed-git.ts";

/**
 * What a repository shows beyond a commit and its past, to `git log --all` or to whoever looks at its objects: a fix, that is.
 * @param folder the working tree, with a folder `.git`
 * @returns a sentence for each; empty when there is nothing
 */
export async function shownAfter(folder: string, commit: string, git: Git): Promise<string[]> {
  const past = new Set(lines(await mustGit(git, ["rev-list", "--objects", "--no-object-names", commit])));
  return [
    ...(await foreignObjects(git, past)),
    ...(await foreignMarks(join(folder, ".git"), past)),
    ...borrowed(join(folder, ".git")),
  ];
}

const lines = (text: string) => text.split("\n").filter((line) => line !== "");

async function foreignObjects(git: Git, past: ReadonlySet<string>): Promise<string[]> {
  const format = "--batch-check=%(objectname) %(objecttype)";
  const all = lines(await mustGit(git, ["cat-file", "--batch-all-objects", "--unordered", format]));
  const foreign = all.map((line) => line.split(" ") as [string, string]).filter(([id]) => !past.has(id));
  const commits = foreign.filter(([, type]) => type === "commit").map(([id]) => id);
  const named = commits.slice(0, 3).map((id) => `the commit ${id} is not in its history`);
  const others = foreign.length - Math.min(commits.length, 3);
  return others === 0 ? named : [...named, `${counted(others, "object")} are not of its history`];
}

/** Refs, journals, and files like FETCH_HEAD: all that git writes of where it is and has been. */
async function foreignMarks(gitFolder: string, past: ReadonlySet<string>): Promise<string[]> {
  const atTop = (await readdir(gitFolder)).filter((name) => /HEAD$|^packed-refs$/.test(name));
  const below = await Promise.all(["refs", "logs"].map((name) => filesBelow(join(gitFolder, name))));
  const found: string[] = [];
  for (const path of [...atTop.map((name) => join(gitFolder, name)), ...below.flat()]) {
    const ids = (await readFile(path, "latin1")).match(/\b[0-9a-f]{40}\b/g) ?? [];
    const isForeign = ids.some((id) => !past.has(id) && !/^0+$/.test(id));
    if (isForeign) found.push(`${path.slice(gitFolder.length + 1)} names a later commit`);
  }
  return found;
}

async function filesBelow(folder: string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

const BORROWED = ["objects/info/alternates", "commondir", "worktrees"];

const borrowed = (gitFolder: string) =>
  BORROWED.filter((name) => existsSync(join(gitFolder, name))).map(
    (name) => `.git/${name} leads to another repository`,
  );
