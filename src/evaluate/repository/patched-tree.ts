import { constants, cp } from "node:fs/promises";
import type { Tools } from "../../tools.ts";
import { type Git, gitsWords, mustGit, sealedGit } from "./sealed-git.ts";

export type Refused = { kind: "refused"; which: "test" | "candidate"; detail: string };

/** Files of a patch, by path; of a renamed one both names. */
export interface PatchFiles {
  kind: "applied";
  /** Those that the base has. */
  old: readonly string[];
  added: readonly string[];
}

interface Tree {
  /** As {@link makeOwnRepository} left it; not changed. */
  base: string;
  /** To be made. */
  folder: string;
  testPatch: string;
}

/** A copy of the base with the test patch alone. @returns the patch's files */
export async function makeTreeBefore({ base, folder, testPatch }: Tree, tools: Tools): Promise<PatchFiles | Refused> {
  const git = await copyTree(base, folder, tools);
  return (await apply(git, testPatch, "test")) ?? filesOfPatch(git);
}

/**
 * A copy with the candidate too. It comes first, on the files that its author saw; then every file of the test patch is taken
 * back to the base and patched: what a candidate did to the tests that judge it does not count.
 * @param testFiles as {@link makeTreeBefore} told them
 * @param candidate an empty one changes nothing
 */
export async function makeTreeAfter(
  { base, folder, testPatch, testFiles, candidate }: Tree & { testFiles: PatchFiles; candidate: string },
  tools: Tools,
): Promise<Refused | undefined> {
  const git = await copyTree(base, folder, tools);
  if (candidate !== "") {
    const refused = await apply(git, candidate, "candidate");
    if (refused !== undefined) return refused;
    await takeBack(git, testFiles);
  }
  return apply(git, testPatch, "test");
}

async function copyTree(base: string, folder: string, { env, signal }: Tools): Promise<Git> {
  const { COPYFILE_FICLONE: mode } = constants;
  await cp(base, folder, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true, mode });
  return sealedGit(folder, env, signal);
}

const APPLY = ["apply", "--index", "--whitespace=nowarn"];

/** As it is, else by the blobs that it names. @returns git's words of both where neither goes */
async function apply(git: Git, patch: string, which: "test" | "candidate"): Promise<Refused | undefined> {
  if (patch.trim() === "") return { kind: "refused", which, detail: "the patch is empty" };
  // A model's answer often lacks the last line's end, without which git calls the patch corrupt.
  const text = patch.endsWith("\n") ? patch : `${patch}\n`;
  const plain = await git([...APPLY, "-"], text);
  if (plain.exitCode === 0) return undefined;
  const merged = await git([...APPLY, "--3way", "-"], text);
  if (merged.exitCode === 0) return undefined;
  return { kind: "refused", which, detail: `${gitsWords(plain)}\nwith --3way: ${gitsWords(merged)}` };
}

async function filesOfPatch(git: Git): Promise<PatchFiles> {
  const listed = await mustGit(git, ["diff", "--cached", "--no-renames", "--name-status", "-z", "HEAD"]);
  const words = listed.split("\0");
  const files = Array.from(
    { length: Math.floor(words.length / 2) },
    (_, n) => [words[2 * n]!, words[2 * n + 1]!] as const,
  );
  const named = (isAdded: boolean) => files.filter(([status]) => (status === "A") === isAdded).map(([, path]) => path);
  return { kind: "applied", old: named(false), added: named(true) };
}

const FROM_INPUT = ["--pathspec-from-file=-", "--pathspec-file-nul"];

/** Files as the base has them, gone where it has none. */
async function takeBack(git: Git, { old, added }: PatchFiles): Promise<void> {
  const remove = ["rm", "-r", "--force", "--quiet", "--ignore-unmatch", ...FROM_INPUT];
  if (added.length > 0) await mustGit(git, remove, added.join("\0"));
  if (old.length > 0) await mustGit(git, ["checkout", "--quiet", "HEAD", ...FROM_INPUT], old.join("\0"));
}
