import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { messageOf, UserError } from "./errors.ts";

/** A FIFO is opened without waiting for a writer, a terminal without becoming ours. */
const AT_ONCE = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
/** A socket, or a device that nothing is behind. */
const CANNOT_BE_OPENED = ["ENXIO", "ENODEV"];

/**
 * Opens a file that a user or another process named. A FIFO, device or socket is refused: reading one may never end, and
 * then no signal would be heard. What was opened is looked at, so that nothing can take its place in between.
 * @param name shown in the error
 * @throws UserError naming the file
 */
export async function openPlain(path: string, name = path): Promise<FileHandle> {
  const file = await open(path, AT_ONCE).catch((cause: NodeJS.ErrnoException) => {
    if (CANNOT_BE_OPENED.includes(cause.code ?? "")) throw notPlain(name);
    throw unreadable(name, cause);
  });
  const found = await file.stat();
  // Reading a folder fails by itself, with words that say so.
  if (found.isFile() || found.isDirectory()) return file;
  await file.close();
  throw notPlain(name);
}

/** Most that is read of a file that others wrote: several times the largest that we know, and the worst JSON of that size still fits into a heap. */
export const LARGEST_FILE_MIB = 100;
/** The same for our own files, and for those that hold as many numbers: a string takes hardly more. */
export const LARGEST_DATA_MIB = 500;

interface Reading {
  /** Shown in the error. */
  name?: string;
  largestMib?: number;
}

/** The whole of what {@link openPlain} opens, up to a size. @throws UserError naming the file, its size and the limit */
export async function readPlain(path: string, reading: Reading = {}): Promise<string> {
  return (await readPlainBytes(path, reading)).toString("utf8");
}

/** The same, whatever it holds. @throws UserError */
export async function readPlainBytes(
  path: string,
  { name = path, largestMib = LARGEST_FILE_MIB }: Reading = {},
): Promise<Buffer> {
  await using file = await openPlain(path, name);
  const { size } = await file.stat();
  const most = largestMib * 2 ** 20;
  const tooLarge = (what: string) =>
    new UserError(`${name} is ${what}, more than is read of such a file (${largestMib} MiB)`);
  if (size > most) throw tooLarge(`${(size / 2 ** 20).toFixed(1)} MiB`);
  const bytes = await firstBytes(file, most).catch((cause) => {
    throw unreadable(name, cause);
  });
  // It has grown, or is one of those below /proc that do not tell their size.
  if (bytes.length > most) throw tooLarge("endless, or grows while it is read");
  return bytes;
}

/** All of them, or some more than `most`. */
async function firstBytes(file: FileHandle, most: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of file.createReadStream({ autoClose: false, highWaterMark: 2 ** 20 })) {
    parts.push(part);
    length += part.length;
    if (length > most) break;
  }
  return Buffer.concat(parts);
}

/** The last bytes of a file, from the beginning of a line on: what is told of the longest log. @throws UserError */
export async function readEnd(path: string, mostBytes: number): Promise<string> {
  await using file = await openPlain(path);
  const { size } = await file.stat();
  const start = Math.max(0, size - mostBytes);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
  const text = buffer.toString("utf8", 0, bytesRead);
  return start === 0 ? text : text.slice(text.indexOf("\n") + 1);
}

const notPlain = (name: string) => new UserError(`${name} is not a plain file`);
const unreadable = (name: string, cause: unknown) =>
  new UserError(`${name} could not be read: ${messageOf(cause)}`, { cause });
