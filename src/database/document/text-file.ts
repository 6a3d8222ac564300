import { UserError } from "../../errors.ts";
import { openPlain } from "../../plain-file.ts";

/** Far above any run document; whole samples belong into an artifact. */
export const LARGEST_MIB = 5;

/**
 * Reads a document's bytes as text, and nothing that could not be one: its size is looked at first.
 * @param name shown in the error
 * @throws UserError naming the file
 */
export async function readText(path: string, name: string): Promise<string> {
  const bytes = await readBytes(path, name);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new UserError(`${name} is not valid UTF-8`, { cause });
  }
}

/** A plain file of no more than that size. @throws UserError naming the file */
export async function readBytes(path: string, name: string, largestMib?: number): Promise<Buffer> {
  await using file = await openPlain(path, name);
  const found = await file.stat();
  if (!found.isFile()) throw new UserError(`${name} is not a plain file`);
  checkSize(found.size, name, largestMib);
  return await file.readFile();
}

export function checkSize(bytes: number, name: string, largestMib = LARGEST_MIB): void {
  const mib = bytes / 2 ** 20;
  if (mib <= largestMib) return;
  throw new UserError(
    `${name} is ${mib.toFixed(1)} MiB, more than any ${largestMib === LARGEST_MIB ? "document" : "pack"} has (${largestMib} MiB)`,
  );
}
