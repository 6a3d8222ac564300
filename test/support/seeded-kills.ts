import { readdirSync, readFileSync } from "node:fs";
import { processRow } from "../../src/machine/process-table.ts";

/** Give a failed test's seed to see it fail again. */
export const KILL_SEED = Number(process.env.PITWALL_KILL_SEED ?? Math.floor(Math.random() * 2 ** 31));

/** Numerical Recipes' linear congruential generator: a number in [0, 1) that the seed alone decides. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Processes that have this text in their environment: whoever inherited a mark is ours, whatever it is called. */
export function processesMarked(mark: string): number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => processRow(pid)?.ended === false && environmentOf(pid).includes(mark));
}

/** Empty when there is no such process, or no more. */
export function environmentOf(pid: number): string {
  return read(`/proc/${pid}/environ`);
}

/** The one of these processes whose command line holds a text. */
export const runningAs = (pids: readonly number[], text: string): number | undefined =>
  pids.find((pid) => read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").includes(text));

function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

/** Kills a process that may have ended by itself. */
export function killIfThere(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid !== undefined && processRow(pid)?.ended === false) process.kill(pid, signal);
}
