import type { ChildProcess, SpawnOptions } from "node:child_process";
import { signalGroup, startProcess } from "../../src/machine/process.ts";

const running = new Set<number>();

/** Starts a program as the leader of a session of its own, which does not outlive the benchmark. */
export function startGroup([program, ...args]: readonly string[], options: SpawnOptions): ChildProcess {
  const child = startProcess(program!, args, options);
  const { pid } = child;
  if (pid !== undefined) {
    running.add(pid);
    child.once("exit", () => running.delete(pid));
  }
  return child;
}

/** After Ctrl-C nothing runs on. */
export function stopGroupsOnSignal(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      for (const leader of running) signalGroup(leader, "SIGKILL");
      process.exit(130);
    });
  }
}
