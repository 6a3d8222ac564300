import type { EngineRecord } from "../result/document/engine-record.ts";
import type { Telemetry } from "../result/document/telemetry.ts";
import { type IntendedHits, prefixCacheWarning } from "../result/gate/prefix-cache.ts";
import { present } from "../result/present.ts";
import { watchEngineMetrics } from "./engine/watch-engine.ts";
import { watchGpus } from "./gpu/watch-gpus.ts";
import { faultWarning, preemptionWarning, strangersWarning, throttlingWarning } from "./warnings.ts";

interface TelemetryOptions {
  engine: Pick<EngineRecord, "kind" | "baseUrl" | "pid" | "container">;
  /** Has PATH, where a GPU's tool is looked for, and CUDA_VISIBLE_DEVICES. */
  env: NodeJS.ProcessEnv;
  /** Ends all watching at once; `finish` then tells what was seen until then. */
  signal: AbortSignal;
  intervalSeconds?: number;
  /** What the workload means to come from the prefix cache; by default nothing. */
  intendedHits?: IntendedHits;
}

export interface Telemetrist {
  /**
   * To be called when the measured part has ended. Never throws and waits 7 s for a tool at the very most.
   * @param measuredSeconds length of that part, which leaves out the warm-up; by default all since the start
   * @returns undefined when nothing was seen
   */
  finish(measuredSeconds?: number): Promise<Telemetry | undefined>;
}

/** Watches an engine and the GPUs it runs on from outside while a cell is measured. Comes back at once. */
export function watchTelemetry(options: TelemetryOptions): Telemetrist {
  const { engine, env, signal, intendedHits = { least: 0, most: 0 } } = options;
  const interval = present({ intervalSeconds: options.intervalSeconds });
  const startMs = performance.now();
  const metrics =
    engine.baseUrl === null ? undefined : watchEngineMetrics({ baseUrl: engine.baseUrl, signal, ...interval });
  // A container's processes are the daemon's children, not those of the client that is the engine's own process.
  const enginePid = engine.container?.pid ?? engine.pid;
  const gpus = usesGpusHere(engine) ? watchGpus({ env, enginePid, signal, ...interval }) : undefined;
  return {
    async finish(measuredSeconds) {
      const toMs = performance.now();
      const fromMs = measuredSeconds === undefined ? startMs : Math.max(startMs, toMs - measuredSeconds * 1000);
      const window = { fromMs, toMs };
      const [said, found] = await Promise.all([metrics?.finish(window), gpus?.finish(window)]);
      const { tool, fault, summary, strangers = [] } = found ?? {};
      const warnings = [
        tool === undefined || fault === undefined || signal.aborted ? undefined : faultWarning(tool, fault),
        summary === undefined ? undefined : throttlingWarning(summary),
        strangersWarning(strangers),
        preemptionWarning(said),
        prefixCacheWarning(said, intendedHits),
      ].filter((warning) => warning !== undefined);
      if (said === undefined && summary === undefined && warnings.length === 0) return undefined;
      return {
        ...present({ engine: said }),
        ...(summary === undefined ? {} : { gpu: summary.gpu }),
        warnings,
      };
    },
  };
}

/** A simulated engine uses none, and those of a server elsewhere are not seen from here. */
function usesGpusHere({ kind, baseUrl }: TelemetryOptions["engine"]): boolean {
  if (kind === "simulated" || kind === "kubernetes") return false;
  if (kind !== "remote" || baseUrl === null) return true;
  return /^(localhost|127\.[\d.]+|\[::1\])$/.test(new URL(baseUrl).hostname);
}
