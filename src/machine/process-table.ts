import { readdirSync, readFileSync } from "node:fs";

/** One row of Linux's process table, from /proc/<pid>/stat; field numbers are those of proc_pid_stat(5). */
export interface ProcessRow {
  pid: number;
  /** Ended, but not yet collected by its parent. In a container whose first process collects nobody it stays for good. */
  ended: boolean;
  group: number;
  /** Whether a terminal controls it: somebody may sit before it. */
  hasTerminal: boolean;
  parent: number;
  /** Clock ticks from boot to its start: tells a process from a later one with the same pid. */
  startTicks: string;
}

/** The row of a pid, or null when there is no such process. */
export function processRow(pid: number): ProcessRow | null {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ESRCH") return null;
    throw error;
  }
  // Field 2 is the program's name in parentheses and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const field = (number: number) => fields[number - 3]!;
  // A process is shown as a zombie from the end of its first thread on; the others may still hold its files and ports.
  const ended = /^[ZXx]$/.test(field(3)) && Number(field(20)) <= 1;
  const hasTerminal = field(7) !== "0";
  return { pid, ended, group: Number(field(5)), hasTerminal, parent: Number(field(4)), startTicks: field(22) };
}

/** Processes that still run. Ended ones that nobody collected do not count, though signals reach them. */
export function runningProcesses(): ProcessRow[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => processRow(Number(name)))
    .filter((row): row is ProcessRow => row !== null && !row.ended);
}

/** Those of a process group. */
export function runningMembers(group: number): ProcessRow[] {
  return runningProcesses().filter((row) => row.group === group);
}
