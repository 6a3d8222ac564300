import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A server of somebody else that runs for a test, and ends with it. */
export interface RunningServer extends AsyncDisposable {
  child: ChildProcess;
  /** What it printed so far. */
  log(): string;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

const OFFLINE = { HF_HUB_OFFLINE: "1", DO_NOT_TRACK: "1", NO_PROXY: "127.0.0.1", no_proxy: "127.0.0.1" };

export function startServer(program: string, args: string[], env: NodeJS.ProcessEnv = {}): RunningServer {
  // A group of its own, so that what it starts ends with it.
  const child = spawn(program, args, {
    env: { ...process.env, ...OFFLINE, ...env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let printed = "";
  child.stdout!.on("data", (chunk) => (printed += chunk));
  child.stderr!.on("data", (chunk) => (printed += chunk));
  const ended = once(child, "close");
  return {
    child,
    log: () => printed,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, "SIGKILL");
      await ended;
    },
  };
}

/** Waits until a page answers 200 and holds a text. @throws Error with the server's log when it ends first */
export async function untilPageHolds(
  url: string,
  text: string,
  { child, log }: RunningServer,
  headers: Record<string, string> = {},
): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended:\n${log()}`);
    const page = await fetch(url, { headers }).then(
      async (answer) => (answer.ok ? answer.text() : undefined),
      () => undefined,
    );
    if (page?.includes(text)) return;
    await sleep(200);
  }
}
