import { constants, cp } from "node:fs/promises";
import type { Tools } from "../../tools.ts";
import { type Git, gitsWords, mustGit, sealedGit } from "./sealed-git.ts";

/** @property files of the patches, by path: those of the test patch where it stands alone */
export type Applied =
  | { kind: "applied"; files: readonly string[] }
  | { kind: "refused"; which: "test" | "candidate"; detail: string };

interface Tree {
  /** As {@link makeOwnRepository} left it; not changed. */
  base: string;
  /** To be made. */
  folder: string;
  testPatch: string;
}

/** A copy of the base with the test patch alone. */
export async function makeTreeBefore({ base, folder, testPatch }: Tree, tools: Tools): Promise<Applied> {
  const git = await copyTree(base, folder, tools);
  return apply(git, testPatch, "test");
}

/**
 * A copy with the candidate too. It comes first, on the files that its author saw; then every file of the test patch is taken
 * back to the base and patched: what a candidate did to the tests that judge it does not count.
 * @param testFiles as {@link makeTreeBefore} told them
 * @param candidate an empty one changes nothing
 */
export async function makeTreeAfter(
  { base, folder, testPatch, testFiles, candidate }: Tree & { testFiles: readonly string[]; candidate: string },
  tools: Tools,
): Promise<Applied> {
  const git = await copyTree(base, folder, tools);
  if (candidate !== "") {
    const applied = await apply(git, candidate, "candidate");
    if (applied.kind === "refused") return applied;
    await takeBack(git, testFiles);
  }
  return apply(git, testPatch, "test");
}

async function copyTree(base: string, folder: string, { env, signal }: Tools): Promise<Git> {
  const { COPYFILE_FICLONE: mode } = constants;
  await cp(base, folder, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true, mode });
  const git = sealedGit(folder, env, signal);
  // The copies have other inodes than the index knows.
  await git(["update-index", "-q", "--refresh"]);
  return git;
}

const APPLY = ["apply", "--index", "--whitespace=nowarn"];

/** As it is, else by the blobs that it names; git's words of both where neither goes. */
async function apply(git: Git, patch: string, which: "test" | "candidate"): Promise<Applied> {
  if (patch.trim() === "") return { kind: "refused", which, detail: "the patch is empty" };
  // A model's answer often lacks the last line's end, without which git calls the patch corrupt.
  const text = patch.endsWith("\n") ? patch : `${patch}\n`;
  const plain = await git([...APPLY, "-"], text);
  const merged = plain.exitCode === 0 ? plain : await git([...APPLY, "--3way", "-"], text);
  if (merged.exitCode === 0) return { kind: "applied", files: await changedFiles(git) };
  return { kind: "refused", which, detail: `${gitsWords(plain)}\nwith --3way: ${gitsWords(merged)}` };
}

/** Of a renamed file both names. */
async function changedFiles(git: Git): Promise<string[]> {
  const listed = await mustGit(git, ["diff", "--cached", "--no-renames", "--name-only", "-z", "HEAD"]);
  return listed.split("\0").filter((path) => path !== "");
}

const FROM_INPUT = ["--pathspec-from-file=-", "--pathspec-file-nul"];

/** Files as the base has them, gone where it has none. */
async function takeBack(git: Git, files: readonly string[]): Promise<void> {
  if (files.length === 0) return;
  const known = await mustGit(git, ["ls-tree", "-r", "-z", "--name-only", "HEAD"]);
  const inBase = new Set(known.split("\0"));
  const [old, added] = [files.filter((path) => inBase.has(path)), files.filter((path) => !inBase.has(path))];
  if (added.length > 0) {
    await mustGit(git, ["rm", "-r", "--force", "--quiet", "--ignore-unmatch", ...FROM_INPUT], added.join("\0"));
  }
  if (old.length > 0) await mustGit(git, ["checkout", "--quiet", "HEAD", ...FROM_INPUT], old.join("\0"));
}
