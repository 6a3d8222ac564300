import {
  COMPUTE_APPS_ARGS,
  type ComputeApp,
  ownProcesses,
  parseComputeApps,
  tenancyOf,
} from "../../machine/gpu/compute-apps.ts";
import { addToRounds, type GpuReading, type GpuRound } from "../../machine/gpu/reading.ts";
import { askTool } from "../../machine/gpu/tool-process.ts";
import { visibleGpus } from "../../machine/gpu/visible-gpus.ts";
import { runningProcesses } from "../../machine/process-table.ts";
import { findProgram } from "../../machine/program.ts";
import type { GpuTelemetry } from "../../result/document/telemetry.ts";
import type { Window } from "../window.ts";
import { amdFeed } from "./amd/amd-smi.ts";
import { rocmFeed } from "./amd/rocm-smi.ts";
import type { FeedOptions, GpuFeed } from "./feed.ts";
import { xpuFeed } from "./intel/xpu-smi.ts";
import { nvidiaFeed } from "./nvidia/nvidia-smi.ts";
import { silenceOf } from "./silence.ts";
import { type GpuSummary, summarizeGpus } from "./summary.ts";

type ToolName = GpuTelemetry["tool"];

const FEEDS: Record<ToolName, (options: FeedOptions) => GpuFeed> = {
  "nvidia-smi": nvidiaFeed,
  "amd-smi": amdFeed,
  "rocm-smi": rocmFeed,
  "xpu-smi": xpuFeed,
};

const APPS_LIMIT_MS = 5000;

interface GpuWatchOptions {
  env: NodeJS.ProcessEnv;
  /** Leader of the engine's process group; null when it is not ours. */
  enginePid: number | null;
  intervalSeconds?: number;
  /** Ends the tool at once. */
  signal: AbortSignal;
}

interface GpuFindings {
  tool: ToolName;
  /** Why there are no numbers. */
  fault?: string;
  summary?: GpuSummary;
  /** Processes on the engine's GPUs that are neither its own nor ours. */
  strangers: ComputeApp[];
}

interface GpuWatch {
  /** Ends the tool. Never throws. */
  finish(window: Window): Promise<GpuFindings>;
}

/** Reads the first of nvidia-smi, amd-smi, rocm-smi and xpu-smi that is on PATH; undefined when none is. */
export function watchGpus({ env, enginePid, intervalSeconds = 1, signal }: GpuWatchOptions): GpuWatch | undefined {
  const found = findTool(env);
  if (found === undefined) return undefined;
  const { tool, program } = found;
  const rounds: GpuRound[] = [];
  const onReading = (reading: GpuReading) => addToRounds(rounds, reading, performance.now());
  const feed = FEEDS[tool]({ program, env, intervalSeconds, onReading });
  const stop = () => void feed.stop();
  signal.addEventListener("abort", stop, { once: true });
  const useless = new AbortController();
  const question = { program, env, enginePid, signal: AbortSignal.any([signal, useless.signal]) };
  const tenants = async () => (tool === "nvidia-smi" ? await askTenants(question) : { gpus: [], strangers: [] });
  const atStart = tenants();
  return {
    async finish(window) {
      signal.removeEventListener("abort", stop);
      const moments = rounds.map(({ atMs }) => atMs);
      const fault = feed.fault() ?? silenceOf(moments, window);
      // One that does not answer in a loop is not waited for with a question.
      if (fault !== undefined) useless.abort();
      const [first, last] = await Promise.all([atStart, tenants(), feed.stop()]);
      const strangers = new Map([...first.strangers, ...last.strangers].map((app) => [app.pid, app]));
      const findings = { tool, strangers: [...strangers.values()] };
      if (fault !== undefined) return { ...findings, fault };
      const gpus = new Set([...first.gpus, ...last.gpus]);
      const chosen = gpus.size > 0 ? ({ uuid }: GpuReading) => gpus.has(uuid ?? "") : visibleGpus(tool, env);
      const summary = summarizeGpus(tool, onlyGpus(rounds, chosen), window);
      return summary === undefined ? findings : { ...findings, summary };
    },
  };
}

function findTool(env: NodeJS.ProcessEnv): { tool: ToolName; program: string } | undefined {
  for (const tool of Object.keys(FEEDS) as ToolName[]) {
    const program = findProgram(tool, env);
    if (program !== undefined) return { tool, program };
  }
  return undefined;
}

interface TenantQuestion extends Pick<GpuWatchOptions, "env" | "enginePid" | "signal"> {
  program: string;
}

async function askTenants({ program, env, enginePid, signal }: TenantQuestion) {
  const answer = await askTool({ program, args: COMPUTE_APPS_ARGS, env, signal }, APPS_LIMIT_MS);
  const apps = answer?.exitCode === 0 ? parseComputeApps(answer.stdout) : [];
  if (apps.length === 0) return { gpus: [], strangers: [] };
  const table = runningProcesses();
  return tenancyOf(apps, table, ownProcesses(table, enginePid, process.pid));
}

function onlyGpus(rounds: readonly GpuRound[], chosen: (gpu: GpuReading) => boolean): GpuRound[] {
  return rounds
    .map(({ atMs, readings }) => ({ atMs, readings: readings.filter(chosen) }))
    .filter(({ readings }) => readings.length > 0);
}
