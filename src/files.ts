import { randomUUID } from "node:crypto";
import { existsSync, realpathSync } from "node:fs";
import { mkdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { z } from "zod";
import { checked } from "./checked.ts";
import { messageOf, UserError } from "./errors.ts";
import { mistakeLines } from "./mistakes.ts";
import { LARGEST_DATA_MIB, readPlain } from "./plain-file.ts";

/**
 * A folder and those that it lies in. Node's own way never ends where the kernel says that a new folder's parent is missing
 * although it is there, as below /proc.
 */
export async function makeFolder(path: string, mode?: number): Promise<void> {
  const isMissing = await makeLast(path, mode);
  if (!isMissing) return;
  await makeFolder(dirname(path), mode);
  if (await makeLast(path, mode)) throw new Error(`no folder can be made at ${path}`);
}

/** @returns whether the folder that it lies in is missing */
async function makeLast(path: string, mode: number | undefined): Promise<boolean> {
  try {
    await mkdir(path, mode);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return true;
    if (code !== "EEXIST" || !(await stat(path)).isDirectory()) throw error;
  }
  return false;
}

/** Where an absolute path leads, also one that is not there yet: it must have the same one once it is. */
export function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : join(realPath(dirname(path)), basename(path));
}

/** Writes a whole file or nothing: a reader never sees a half of it, a full disk never destroys the old one. */
export async function writeFileAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await makeFolder(dirname(path));
    await writeFile(temporary, content, { flush: true });
    await rename(temporary, path);
  } catch (cause) {
    // Where a folder could not be made there is nothing to remove, and the first error is the one that tells.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new UserError(`${path} could not be written: ${messageOf(cause)}`, {
      cause,
    });
  }
}

export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFileAtomically(path, `${JSON.stringify(value, null, 1)}\n`);
}

/** Reads one of our own files. @throws UserError naming the file */
export async function readJson<S extends z.ZodType>(path: string, schema: S): Promise<z.output<S>> {
  return parseJson(await readPlain(path, { largestMib: LARGEST_DATA_MIB }), schema, path);
}

/** @param name shown in the error; usually the file's path */
export function parseJson<S extends z.ZodType>(text: string, schema: S, name: string): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${name} is not valid JSON: ${messageOf(cause)}`, { cause });
  }
  const parsed = checked(schema, value);
  if (parsed.success) return parsed.data;
  throw new UserError(`${name} does not have the expected form:\n${mistakeLines(parsed.error)}`);
}
