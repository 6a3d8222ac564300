import { createHash } from "node:crypto";
import { connect, createServer, type Socket } from "node:net";
import { userInfo } from "node:os";

/** Longest wait for others; a writer that hangs must not hold up everybody. */
const LONGEST_WAIT_MS = 60_000;

/** To be disposed of when the work is done. */
interface Turn extends AsyncDisposable {
  /** Whether others were at it in between. */
  waited: boolean;
}
const noTurn = (waited: boolean): Turn => ({ waited, [Symbol.asyncDispose]: () => Promise.resolve() });

/**
 * Lets the writers of one machine go one after the other: a push that is lost to a neighbour costs as much as one that
 * counts. It saves work and guards nothing, so without a turn (another system than Linux, a wait of a minute) the work may
 * go on. A turn is an abstract Unix socket, which the kernel takes back when its process dies.
 * @param name what is taken turns at; each user has their own
 */
export async function takeTurn(name: string, signal: AbortSignal): Promise<Turn> {
  if (process.platform !== "linux") return noTurn(false);
  const key = createHash("sha256")
    .update(JSON.stringify([userInfo().uid, name]))
    .digest("hex");
  const address = `\0pitwall-${key.slice(0, 32)}`;
  const deadline = performance.now() + LONGEST_WAIT_MS;
  let waited = false;
  for (let left = LONGEST_WAIT_MS; left > 0 && !signal.aborted; left = deadline - performance.now()) {
    const turn = await claim(address, waited);
    if (turn !== "taken") return turn;
    waited = true;
    await holderLeaves(address, AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(left))]));
  }
  return noTurn(waited);
}

function claim(address: string, waited: boolean): Promise<Turn | "taken"> {
  const waiting = new Set<Socket>();
  const server = createServer((socket) => {
    waiting.add(socket.unref());
    socket.on("error", () => socket.destroy()).on("close", () => waiting.delete(socket));
  });
  const leave = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of waiting) socket.destroy();
    });
  return new Promise((resolve) => {
    server.once("error", ({ code }: NodeJS.ErrnoException) =>
      resolve(code === "EADDRINUSE" ? "taken" : noTurn(waited)),
    );
    server.listen(address, () => {
      server.unref();
      resolve({ waited, [Symbol.asyncDispose]: leave });
    });
  });
}

/** Resolves when the holder's socket is gone, whatever the reason, or at the signal. */
async function holderLeaves(address: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const socket = connect({ path: address });
    const stop = () => socket.destroy();
    signal.addEventListener("abort", stop, { once: true });
    socket.on("error", stop).on("close", () => {
      signal.removeEventListener("abort", stop);
      resolve();
    });
  });
}
