import { type ProcessRow, runningProcesses } from "./process-table.ts";

/** A process and all that it started, and that they started: git leaves the helpers behind that talk to a server. */
function treeOf(pid: number): number[] {
  const rows = process.platform === "linux" ? runningProcesses() : [];
  const children = Map.groupBy(rows, ({ parent }: ProcessRow) => parent);
  const below = (parent: number): number[] =>
    (children.get(parent) ?? []).flatMap((row) => [row.pid, ...below(row.pid)]);
  return [pid, ...below(pid)];
}

/** Signals a child of ours and all below it, without a process group of its own: git may still ask on the terminal. */
export function signalTree(pid: number, signal: NodeJS.Signals): void {
  for (const one of treeOf(pid)) {
    try {
      process.kill(one, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
  }
}
