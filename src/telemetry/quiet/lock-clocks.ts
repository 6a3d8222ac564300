import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { runCommand } from "../../machine/command.ts";
import { nvidiaInventory } from "../../machine/gpu/nvidia-inventory.ts";
import { visibleGpus } from "../../machine/gpu/visible-gpus.ts";
import { startProcess } from "../../machine/process.ts";
import { findProgram } from "../../machine/program.ts";
import { present } from "../../result/present.ts";
import type { Tools } from "../../tools.ts";

/** Clocks that stay as they are until it is disposed of. */
export interface LockedClocks extends AsyncDisposable {
  /** MHz of the GPUs' processors, the same for all that are alike; absent where nothing was locked. */
  mhz?: number[];
  /** Why nothing was. */
  problem?: string;
}

const NOT = (problem: string): LockedClocks => ({ problem, [Symbol.asyncDispose]: async () => undefined });

/**
 * Fixes the clocks of the NVIDIA GPUs that an engine would see, at the application clock, else the highest. They are given back
 * whatever ends this process: a shell in a group of its own waits for the end of a pipe that only we hold. Where they may not
 * be fixed there is a warning.
 */
export async function lockClocks({ env, report }: Pick<Tools, "env" | "report">): Promise<LockedClocks> {
  const clocks = await tryToLock(env);
  if (clocks.problem !== undefined) report.warning(`clocks are not locked: ${clocks.problem}`);
  return clocks;
}

async function tryToLock(env: NodeJS.ProcessEnv): Promise<LockedClocks> {
  const program = findProgram("nvidia-smi", env);
  if (program === undefined) return NOT("there is no nvidia-smi, which could lock clocks");
  const { gpus } = await nvidiaInventory(async (args) => runCommand(program, args, { env }));
  const isVisible = visibleGpus("nvidia-smi", env);
  const own = gpus.filter(({ index, uuid }) => isVisible({ index, ...present({ uuid }) }));
  const clocks = own.map(({ index, applicationClockMhz, maxClockMhz }) => ({
    index,
    mhz: applicationClockMhz ?? maxClockMhz,
  }));
  if (clocks.length === 0) return NOT("nvidia-smi finds no GPU");
  const keeper = restoreAtEnd(program, clocks.map(({ index }) => index).join(","), env);
  for (const { index, mhz } of clocks) {
    if (mhz === undefined) return await given(keeper, `nvidia-smi does not tell the clocks of GPU ${index}`);
    const words = ["-i", String(index), "-lgc", `${mhz},${mhz}`];
    const { exitCode, stdout, stderr } = await runCommand(program, words, { env });
    if (exitCode !== 0) return await given(keeper, `nvidia-smi may not lock them: ${`${stdout}${stderr}`.trim()}`);
  }
  return { mhz: clocks.map(({ mhz }) => mhz!), [Symbol.asyncDispose]: () => restore(keeper) };
}

async function given(keeper: ChildProcess, problem: string): Promise<LockedClocks> {
  await restore(keeper);
  return NOT(problem);
}

function restoreAtEnd(program: string, indices: string, env: NodeJS.ProcessEnv): ChildProcess {
  const words = ["-c", 'read -r _; exec "$0" -i "$1" -rgc', program, indices];
  const keeper = startProcess("/bin/sh", words, { env, stdio: ["pipe", "ignore", "ignore"] });
  keeper.stdin?.on("error", () => undefined);
  return keeper;
}

async function restore(keeper: ChildProcess): Promise<void> {
  const ended = keeper.exitCode === null && keeper.signalCode === null ? once(keeper, "exit") : undefined;
  keeper.stdin?.end();
  await ended;
}
