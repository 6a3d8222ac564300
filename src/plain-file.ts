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

/** The whole of what {@link openPlain} opens. @throws UserError naming the file */
export async function readPlain(path: string, name = path): Promise<string> {
  await using file = await openPlain(path, name);
  return await file.readFile("utf8").catch((cause) => {
    throw unreadable(name, cause);
  });
}

const notPlain = (name: string) => new UserError(`${name} is not a plain file`);
const unreadable = (name: string, cause: unknown) =>
  new UserError(`${name} could not be read: ${messageOf(cause)}`, { cause });
