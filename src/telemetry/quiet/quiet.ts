import { setTimeout as sleep } from "node:timers/promises";
import type { Tools } from "../../tools.ts";
import { type MachineState, machineState, stateAfterEngine } from "./machine-state.ts";

/** Load a core: of an idle machine it is near 0, and 1 when each has work. */
const BUSY_LOAD = 0.3;
/** GPUs that nobody uses are at 25 to 45 °C; from here on the last one's heat is still in them. */
const WARM_C = 60;
/** Between two looks: the load average follows in steps of 5 s. */
const PAUSE_MS = 5000;

/** Whether it was quiet in the end, and what was not. */
export interface Quiet {
  quiet: boolean;
  waitedSeconds: number;
  /** A sentence each; empty when it is quiet. */
  problems: string[];
}

/** One look at a machine. */
type Look = (tools: Tools) => Promise<MachineState>;

/** What keeps a machine from being quiet; facts that no tool tells keep it from nothing. */
export function problemsOf({ loadPerCore, tenants, temperatureC, throttling }: MachineState): string[] {
  return [
    ...(loadPerCore > BUSY_LOAD ? [`the load is ${loadPerCore.toFixed(2)} a core`] : []),
    ...tenants.map(({ program, pid }) => `${program} (pid ${pid}) is on a GPU`),
    ...(temperatureC !== undefined && temperatureC > WARM_C ? [`a GPU is at ${temperatureC} °C`] : []),
    ...throttling.map((reason) => `the clocks of a GPU are lowered: ${reason}`),
  ];
}

/**
 * Waits until this machine is quiet.
 * @param limitSeconds then it is said to be not; 0 asks nothing at all
 * @throws the signal's reason
 */
export async function waitUntilQuiet(
  limitSeconds: number,
  tools: Tools,
  look: Look = machineState,
): Promise<Quiet | undefined> {
  if (limitSeconds === 0) return undefined;
  const startMs = performance.now();
  for (let isSaid = false; ; isSaid = true) {
    const problems = problemsOf(await look(tools));
    const waitedMs = performance.now() - startMs;
    const told = { waitedSeconds: Math.round(waitedMs / 1000), problems };
    if (problems.length === 0) return { quiet: true, ...told };
    const leftMs = limitSeconds * 1000 - waitedMs;
    if (leftMs <= 0) {
      tools.report.warning(`this machine is not quiet after ${told.waitedSeconds} s: ${problems.join("; ")}`);
      return { quiet: false, ...told };
    }
    if (!isSaid)
      tools.report.info(`waiting up to ${limitSeconds} s until this machine is quiet: ${problems.join("; ")}`);
    await sleep(Math.min(PAUSE_MS, leftMs), undefined, { signal: tools.signal }).catch(() => undefined);
    tools.signal.throwIfAborted();
  }
}

/** What looks before each block came to. */
export interface QuietLooks extends Quiet {
  looks: number;
  /** Those after which it went on though the machine was not quiet; the problems are the last one's. */
  busyLooks: number;
}

/** Looks at a machine again and again, while engines of ours are not running, and waits for it up to a limit in total. */
export class QuietWatch {
  readonly #limitSeconds: number;
  readonly #tools: Tools;
  readonly #states: readonly [Look, Look];
  #told: QuietLooks | undefined;
  #waitedMs = 0;

  /** @param limitSeconds 0 never looks @param states of a machine at first, and after an engine of ours */
  constructor(limitSeconds: number, tools: Tools, states: readonly [Look, Look] = [machineState, stateAfterEngine]) {
    this.#limitSeconds = limitSeconds;
    this.#tools = tools;
    this.#states = states;
  }

  /** undefined where nobody looked. */
  get told(): QuietLooks | undefined {
    return this.#told;
  }

  /** Waits until the machine is quiet, the limit is reached or somebody cancels. */
  async wait(): Promise<void> {
    const { looks, busyLooks, problems } = this.#told ?? NEVER;
    const startMs = performance.now();
    const found = await this.#look(this.#states[looks === 0 ? 0 : 1]);
    if (found === undefined) return;
    this.#waitedMs += performance.now() - startMs;
    this.#told = {
      quiet: found.quiet && busyLooks === 0,
      ...{ looks: looks + 1, busyLooks: busyLooks + (found.quiet ? 0 : 1) },
      waitedSeconds: Math.round(this.#waitedMs / 1000),
      problems: found.quiet ? problems : found.problems,
    };
  }

  async #look(look: Look): Promise<Quiet | undefined> {
    if (this.#limitSeconds === 0) return undefined;
    // Where the limit is used up it still looks once.
    const left = Math.max(this.#limitSeconds - this.#waitedMs / 1000, Number.EPSILON);
    try {
      return await waitUntilQuiet(left, this.#tools, look);
    } catch (error) {
      if (this.#tools.signal.aborted) return undefined;
      throw error;
    }
  }
}

const NEVER: QuietLooks = { quiet: true, waitedSeconds: 0, problems: [], looks: 0, busyLooks: 0 };
