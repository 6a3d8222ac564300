import { createHash } from "node:crypto";
import { existsSync, realpathSync, statSync } from "node:fs";
import { connect, createServer } from "node:net";
import { userInfo } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { UsageError } from "../errors.ts";

const ANSWER_LIMIT_MS = 2000;

const HELD_ALREADY: AsyncDisposable = { [Symbol.asyncDispose]: async () => {} };

/**
 * Holds a working folder until it is disposed of: a second run in it would take the first one's engine for a left-over and
 * stop it, and a document made of half a run would be published. The hold is an abstract Unix socket, which the kernel takes back whatever ends its process, so that none is ever
 * stale; it tells who asks the holder's pid. A benchmark of a run finds it held by its own process, which is as good. On
 * another system than Linux nothing is held.
 * @throws UsageError when another run holds the folder, or it is no folder
 */
export async function holdFolder(output: string): Promise<AsyncDisposable> {
  if (statSync(output, { throwIfNoEntry: false })?.isDirectory() === false) {
    throw new UsageError(`--output: ${output} is no folder`);
  }
  if (process.platform !== "linux") return HELD_ALREADY;
  const server = createServer((socket) => socket.on("error", () => socket.destroy()).end(String(process.pid)));
  const address = addressOf(output);
  const isTaken = await new Promise<boolean>((settle) => {
    server.once("error", ({ code }: NodeJS.ErrnoException) => settle(code === "EADDRINUSE"));
    server.listen(address, () => settle(false));
  });
  if (isTaken) {
    const pid = await holderOf(address);
    if (pid === String(process.pid)) return HELD_ALREADY;
    throw new UsageError(
      `another run (pid ${pid}) is at work in ${output}: wait for its end, stop it with kill ${pid}, or give this one another --output`,
    );
  }
  server.unref();
  return { [Symbol.asyncDispose]: () => new Promise((closed) => void server.close(() => closed())) };
}

/** Of this user and folder, whatever the path is spelt like. */
function addressOf(output: string): string {
  const key = JSON.stringify([userInfo().uid, realPath(resolve(output))]);
  return `\0pitwall-run-${createHash("sha256").update(key).digest("hex").slice(0, 32)}`;
}

/** Of a folder that is not there yet, too: it must have the same one once it is. */
function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : join(realPath(dirname(path)), basename(path));
}

async function holderOf(address: string): Promise<string> {
  const socket = connect({ path: address, signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
  return text(socket).catch(() => "unknown");
}
