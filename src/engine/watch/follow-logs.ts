import { open, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { logLine } from "../../foreign-text/log-line.ts";

const POLL_MS = 500;
/** Lines that may be shown at a stretch, and how fast that fills up again: a debug log must not fill a CI log. */
const MOST_LINES = 200;
const LINES_A_SECOND = 20;
const MOST_BYTES = 1 << 20;
/** Tells a log that was begun anew from one that has grown. */
const KNOWN_BYTES = 64;

interface Followed {
  label: string;
  /** Bytes that were read, up to the last whole line. */
  offset: number;
  /** The last of them. */
  known: Buffer;
}

/**
 * Shows the logs of a folder as they are written: what is there already is passed over, a log that is begun anew is shown
 * from its beginning, and lines beyond the rate are counted instead.
 * @param folder need not be there yet
 */
export function followLogs(folder: string, say: (line: string) => void): AsyncDisposable {
  const logs = new Map<string, Followed>();
  const budget = new LineBudget(say);
  const look = async (isFirst: boolean) => {
    for (const name of await logNames(folder)) {
      const path = join(folder, name);
      const log = logs.get(name) ?? { label: basename(name, ".log"), offset: 0, known: Buffer.alloc(0) };
      logs.set(name, log);
      if (isFirst) await passOver(path, log);
      else for (const line of await newLines(path, log)) budget.say(logLine(line, log.label));
    }
    budget.tellLeftOut();
  };
  // One look after the other, and none that fails ends what is measured.
  let looking = look(true).catch(() => undefined);
  const timer = setInterval(() => {
    looking = looking.then(() => look(false).catch(() => undefined));
  }, POLL_MS);
  timer.unref();
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await looking;
      await look(false).catch(() => undefined);
    },
  };
}

async function logNames(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => name.endsWith(".log")).sort();
}

async function passOver(path: string, log: Followed): Promise<void> {
  await using file = await open(path, "r");
  log.offset = (await file.stat()).size;
  log.known = await read(file, Math.max(0, log.offset - KNOWN_BYTES), log.offset);
}

type File = Awaited<ReturnType<typeof open>>;

async function newLines(path: string, log: Followed): Promise<string[]> {
  await using file = await open(path, "r");
  const { size } = await file.stat();
  const known = await read(file, log.offset - log.known.length, log.offset);
  if (size < log.offset || !known.equals(log.known)) log.offset = 0;
  const from = Math.max(log.offset, size - MOST_BYTES);
  const bytes = await read(file, from, size);
  const end = bytes.lastIndexOf("\n") + 1;
  if (end === 0) return [];
  log.offset = from + end;
  log.known = bytes.subarray(Math.max(0, end - KNOWN_BYTES), end);
  return bytes.toString("utf8", 0, end - 1).split("\n");
}

async function read(file: File, from: number, to: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(Math.max(0, to - from)), position: from });
  return buffer.subarray(0, bytesRead);
}

class LineBudget {
  readonly #say: (line: string) => void;
  #left = MOST_LINES;
  #at = performance.now();
  #leftOut = 0;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  say(line: string | undefined): void {
    if (line === undefined) return;
    const now = performance.now();
    this.#left = Math.min(MOST_LINES, this.#left + ((now - this.#at) / 1000) * LINES_A_SECOND);
    this.#at = now;
    if (this.#left < 1) {
      this.#leftOut += 1;
      return;
    }
    this.#left -= 1;
    this.#say(line);
  }

  tellLeftOut(): void {
    if (this.#leftOut > 0) this.#say(`… ${this.#leftOut} lines are left out here; the files in logs/ have them`);
    this.#leftOut = 0;
  }
}
