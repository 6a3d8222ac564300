import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const SCRIPT = join(import.meta.dirname, "run-start-engine.ts");

/** The verb start-engine in a process of its own, which can be killed; on disposal it is. */
export function runVerb(inputs: Record<string, unknown>, env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [SCRIPT, JSON.stringify(inputs)], { env, stdio: ["ignore", "pipe", "pipe"] });
  const printed: string[] = [];
  child.stdout.on("data", (data) => printed.push(String(data)));
  child.stderr.on("data", (data) => printed.push(String(data)));
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, printed: printed.join("") }));
  return {
    pid: child.pid!,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    ended,
    printed: () => printed.join(""),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
