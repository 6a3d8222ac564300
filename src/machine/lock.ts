import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";

const ANSWER_LIMIT_MS = 2000;

/** A lock that somebody else has. */
interface TakenLock {
  /** Process id of its holder; "unknown" when that does not answer. */
  pid(): Promise<string>;
  /** Resolves when the holder has left it, whatever the reason, or at the signal. */
  freed(signal: AbortSignal): Promise<void>;
}

export type Claim = { kind: "held"; lock: AsyncDisposable } | { kind: "taken"; by: TakenLock };

const NOTHING_HELD: Claim = { kind: "held", lock: { [Symbol.asyncDispose]: async () => undefined } };

/**
 * Claims a lock of this machine and user: an abstract Unix socket, which the kernel takes back whatever ends its process, so
 * that none is ever stale. It keeps no process alive. On another system than Linux nothing is held.
 * @param scope what kind of thing is locked, a word of the socket's name
 */
export async function claimLock(scope: string, key: string): Promise<Claim> {
  if (process.platform !== "linux") return NOTHING_HELD;
  const address = addressOf(scope, key);
  const waiting = new Set<Socket>();
  const server = createServer((socket) => {
    waiting.add(socket.unref());
    socket.on("error", () => socket.destroy()).on("close", () => waiting.delete(socket));
    socket.resume().write(String(process.pid));
  });
  const failure = await new Promise<string | undefined>((settle) => {
    server.once("error", ({ code }: NodeJS.ErrnoException) => settle(code ?? "unknown"));
    server.listen(address, () => settle(undefined));
  });
  if (failure !== undefined) return failure === "EADDRINUSE" ? { kind: "taken", by: takenLock(address) } : NOTHING_HELD;
  server.unref();
  const release = () =>
    new Promise<void>((closed) => {
      server.close(() => closed());
      for (const socket of waiting) socket.destroy();
    });
  return { kind: "held", lock: { [Symbol.asyncDispose]: release } };
}

/** The same, after whoever has it. @throws the signal's reason */
export async function waitForLock(scope: string, key: string, signal: AbortSignal): Promise<AsyncDisposable> {
  for (;;) {
    signal.throwIfAborted();
    const claim = await claimLock(scope, key);
    if (claim.kind === "held") return claim.lock;
    await claim.by.freed(signal);
  }
}

function addressOf(scope: string, key: string): string {
  // Not by userInfo(), which throws where no name belongs to the number, as in many containers.
  const named = JSON.stringify([process.getuid!(), key]);
  return `\0pitwall-${scope}-${createHash("sha256").update(named).digest("hex").slice(0, 32)}`;
}

function takenLock(address: string): TakenLock {
  return {
    async pid() {
      const socket = connect({ path: address, signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
      try {
        const [answer] = await once(socket, "data");
        return String(answer);
      } catch {
        return "unknown";
      } finally {
        socket.destroy();
      }
    },
    freed: (signal) => closed(address, signal),
  };
}

async function closed(address: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const socket = connect({ path: address });
    const stop = () => socket.destroy();
    signal.addEventListener("abort", stop, { once: true });
    socket
      .on("error", stop)
      .on("close", () => {
        signal.removeEventListener("abort", stop);
        resolve();
      })
      .resume();
  });
}
