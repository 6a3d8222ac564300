import { availableParallelism, loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { ComputeApp } from "../../machine/gpu/compute-apps.ts";
import { gpuTenants } from "../../machine/gpu/tenants.ts";
import type { Tools } from "../../tools.ts";
import { isSetting } from "../gpu/nvidia/throttling.ts";
import { watchGpus } from "../gpu/watch-gpus.ts";

/** What tells whether anything else goes on here. */
export interface MachineState {
  /** Mean of the last minute. */
  loadPerCore: number;
  tenants: readonly ComputeApp[];
  /** The warmest GPU's. */
  temperatureC?: number;
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
