import { availableParallelism, cpus, loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { ComputeApp } from "../../machine/gpu/compute-apps.ts";
import { gpuTenants } from "../../machine/gpu/tenants.ts";
import { sum } from "../../result/metrics/distribution.ts";
import type { Tools } from "../../tools.ts";
import { isSetting } from "../gpu/nvidia/throttling.ts";
import { watchGpus } from "../gpu/watch-gpus.ts";

/** What tells whether anything else goes on here. */
export interface MachineState {
  /** Mean of the last minute; right after an engine of ours, what the processors do now. */
  loadPerCore: number;
  tenants: readonly ComputeApp[];
  /** The warmest GPU's. */
  temperatureC?: number | undefined;
  /** Why clocks are lowered, the settings that somebody made aside. */
  throttling: readonly string[];
}

/** Two readings of a tool that gives one a second. */
const WATCH_MS = 1500;

/** The machine as it is now, without an engine of ours; what no tool tells is absent. */
export async function machineState({ env, signal }: Pick<Tools, "env" | "signal">): Promise<MachineState> {
  const [tenants, gpus] = await Promise.all([gpuTenants(env), lookAtGpus(env, signal)]);
  return { loadPerCore: loadavg()[0]! / availableParallelism(), tenants, throttling: [], ...gpus };
}

/**
 * The same right after an engine of ours has ended: the mean load of the last minute and the GPU's heat are its own traces then,
 * which each measurement but the first begins with.
 */
export async function stateAfterEngine({ env, signal }: Pick<Tools, "env" | "signal">): Promise<MachineState> {
  const before = processorTimes();
  const [tenants, gpus] = await Promise.all([
    gpuTenants(env),
    lookAtGpus(env, signal),
    sleep(WATCH_MS, undefined, { signal }).catch(() => undefined),
  ]);
  const after = processorTimes();
  const passed = after.busy + after.idle - before.busy - before.idle;
  const loadPerCore = passed <= 0 ? 0 : (after.busy - before.busy) / passed;
  return { loadPerCore, tenants, throttling: [], ...gpus, temperatureC: undefined };
}

/** What all processors together have done since the machine started, in milliseconds. */
function processorTimes(): { busy: number; idle: number } {
  const times = cpus().map(({ times: of }) => of);
  return {
    busy: sum(times.map(({ user, nice, sys, irq }) => user + nice + sys + irq)),
    idle: sum(times.map(({ idle }) => idle)),
  };
}

async function lookAtGpus(env: NodeJS.ProcessEnv, signal: AbortSignal) {
  const fromMs = performance.now();
  const watch = watchGpus({ env, enginePid: null, signal });
  if (watch === undefined) return {};
  await sleep(WATCH_MS, undefined, { signal }).catch(() => undefined);
  const { summary } = await watch.finish({ fromMs, toMs: performance.now() });
  const { temperatureC, throttling = [] } = summary?.gpu ?? {};
  return {
    ...(temperatureC === undefined ? {} : { temperatureC: temperatureC.max }),
    throttling: throttling.filter((reason) => !isSetting(reason) && reason !== IDLE_CAP),
  };
}

/** Some boards tell it of an idle GPU. */
const IDLE_CAP = "software power cap";
