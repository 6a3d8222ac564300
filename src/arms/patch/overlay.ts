import { readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { UserError } from "../../errors.ts";
import { makeFolder } from "../../files.ts";
import { runCommand } from "../../machine/command.ts";
import type { Tools } from "../../tools.ts";
import { foldersOf, type Patched, type PatchedFile, patchedFiles } from "./patched-files.ts";

/** Prints where Python would import vllm from, without importing it. */
export const FIND_PACKAGE = "import importlib.util as u; print(u.find_spec('vllm').submodule_search_locations[0])";

/** @returns folder of the package vllm that the Python beside a program imports. @throws UserError when it has none */
export async function packageOf(program: string, { env, signal }: Pick<Tools, "env" | "signal">): Promise<string> {
  const python = join(dirname(program), "python3");
  const { exitCode, stdout } = await runCommand(python, ["-c", FIND_PACKAGE], { env, signal, cwd: "/" });
  const folder = stdout.trim().split("\n").at(-1) ?? "";
  if (exitCode === 0 && folder !== "") return folder;
  throw new UserError(`the Python beside ${program} has no package vllm that a patch could be put onto`);
}

/**
 * A package beside the installed one, which is not touched: files of the patch are its own, all others are links. Put first on
 * PYTHONPATH it is what Python imports.
 * @param overlay folder to make; whatever lay there goes
 */
export async function makeOverlay(
  { patch, source, overlay }: { patch: string; source: string; overlay: string },
  tools: Tools,
): Promise<Patched> {
  await rm(overlay, { recursive: true, force: true });
  const inSource = (path: string) => join(dirname(source), path.replace(/^vllm(?=\/)/, basename(source)));
  const patched = await patchedFiles(patch, (path) => fileAt(inSource(path)), tools);
  if (patched.kind === "refused") return patched;
  const { files } = patched;
  const folders = foldersOf(files);
  for (const folder of folders) await linkFolder({ folder, from: inSource(folder), files, folders, overlay });
  for (const { path, content } of files) {
    if (content !== null) await writeFile(join(overlay, path), content);
  }
  return patched;
}

interface Linking {
  /** In the repository, like vllm/engine. */
  folder: string;
  from: string;
  files: readonly PatchedFile[];
  folders: ReadonlySet<string>;
  overlay: string;
}

/** Links all in a folder but what the patch changes, and the folders in it that are made as this one is. */
async function linkFolder({ folder, from, files, folders, overlay }: Linking): Promise<void> {
  await makeFolder(join(overlay, folder));
  const own = new Set([...folders, ...files.map(({ path }) => path)]);
  for (const name of await namesIn(from)) {
    const path = join(folder, name);
    if (name === "__pycache__") await linkCompiled(join(from, name), join(overlay, path), files);
    else if (!own.has(path)) await symlink(resolve(from, name), join(overlay, path));
  }
}

/** A folder of its own, for both would write what they compile of one module under one name. */
async function linkCompiled(from: string, to: string, files: readonly PatchedFile[]): Promise<void> {
  await makeFolder(to);
  const changed = new Set(files.map(({ path }) => basename(path).split(".", 1)[0]));
  for (const name of await namesIn(from)) {
    if (!changed.has(name.split(".", 1)[0])) await symlink(resolve(from, name), join(to, name));
  }
}

/** None of a folder that only the patch has. */
const namesIn = (folder: string) => readdir(folder).catch(unlessMissing<string[]>([]));

const fileAt = (path: string) => readFile(path).catch(unlessMissing(undefined));

function unlessMissing<T>(instead: T) {
  return (error: NodeJS.ErrnoException): T => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR" || error.code === "EISDIR") return instead;
    throw error;
  };
}
