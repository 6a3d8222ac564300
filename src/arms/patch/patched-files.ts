import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gitsWords, sealedGit } from "../../evaluate/repository/sealed-git.ts";
import { makeFolder, writeFileAtomically } from "../../files.ts";
import type { Failure } from "../../result/document/reason.ts";
import type { Tools } from "../../tools.ts";
import { touchedFiles } from "./touched-files.ts";

/** A file of the package as the patch leaves it; null: it is gone. */
export interface PatchedFile {
  /** From the repository's root, like vllm/engine/llm.py. */
  path: string;
  content: Buffer | null;
}

export type Patched = { kind: "patched"; files: readonly PatchedFile[] } | { kind: "refused"; failure: Failure };

/**
 * The files of the package that a patch touches, patched. All of it goes on cleanly, or none.
 * @param read a file as the package has it, undefined where it has none
 */
export async function patchedFiles(
  patch: string,
  read: (path: string) => Promise<Buffer | undefined>,
  { env, signal }: Pick<Tools, "env" | "signal">,
): Promise<Patched> {
  // A patch that was cut out of an answer often lacks the last line's end, without which git calls it corrupt.
  const text = patch.endsWith("\n") ? patch : `${patch}\n`;
  if (text.trim() === "") return refused("no_patch", "the patch is empty");
  const scratch = await mkdtemp(join(tmpdir(), "pitwall-patch-"));
  try {
    const tree = join(scratch, "tree");
    await makeFolder(tree);
    // From a folder above the tree, at which git ends its search for a repository: in one it would pass over other files.
    const git = sealedGit(scratch, env, signal);
    const apply = (...words: string[]) => git(["-C", tree, "apply", "--whitespace=nowarn", ...words, "-"], text);
    const listed = await apply("--numstat", "-z");
    if (listed.exitCode !== 0) return refused("patch_failed", gitsWords(listed));
    const paths = [...new Set([...listedPaths(listed.stdout), ...formerPaths(text)])];
    const touched = touchedFiles(paths);
    if (touched.kind === "nothing") return refused("no_patch", touched.detail);
    if (touched.kind === "needs-build") return refused("patch_failed", touched.detail);
    for (const path of touched.files) {
      const content = await read(path);
      if (content !== undefined) await writeFileAtomically(join(tree, path), content);
    }
    const applied = await apply("--include=vllm/*");
    if (applied.exitCode !== 0) return refused("patch_failed", `it does not apply cleanly: ${gitsWords(applied)}`);
    const files = touched.files.map(async (path) => ({ path, content: await contentOf(join(tree, path)) }));
    return { kind: "patched", files: await Promise.all(files) };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const refused = (reason: Failure["reason"], detail: string): Patched => ({
  kind: "refused",
  failure: { reason, detail },
});

/** Paths that `git apply --numstat -z` prints behind two counts; of what is renamed the new one. */
const listedPaths = (stdout: string) =>
  stdout
    .split("\0")
    .map((entry) => entry.split("\t")[2])
    .filter((path) => path !== undefined);

const formerPaths = (patch: string) => [...patch.matchAll(/^(?:rename|copy) from (.+)$/gm)].map(([, path]) => path!);

const contentOf = (path: string) =>
  readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });

/** Folders of these files, and those that they lie in, up to the package's own. */
export function foldersOf(files: readonly PatchedFile[]): Set<string> {
  const folders = new Set<string>();
  for (const { path } of files) for (let at = dirname(path); at !== "."; at = dirname(at)) folders.add(at);
  return folders;
}
