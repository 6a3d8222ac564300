import type { Run } from "../../result/document/run.ts";
import { gpuName, UNKNOWN_GPU } from "../../result/series/gpu-name.ts";
import { gpuLine } from "./host-text.ts";
import { phasesText } from "./start-phases-text.ts";

const OUTCOMES = { ok: "✅ ok", failed: "❌ failed", cancelled: "⏹️ cancelled" } as const;

export const outcomeText = (run: Run) => OUTCOMES[run.outcome];

/** What was measured, in one line. */
export function subjectLine(run: Run): string {
  const { engine, model, host } = run;
  const gpu = gpuName(run);
  const machine = host.gpu === null && gpu !== UNKNOWN_GPU ? (host.cpu ?? host.label) : gpu;
  const simulated = run.simulated ? " · SIMULATED" : "";
  return `${model.name} · ${engine.kind} ${engine.version ?? "(version unknown)"} · ${machine} · ${host.label}${simulated}`;
}

/** The GPUs and the engine's start in detail, a line each, as far as they are known. */
export function detailLines({ host, engine }: Run): string[] {
  const gpu = gpuLine(host);
  const { secondsToReady, startPhases } = engine;
  const ready = secondsToReady === null ? "Engine start" : `Engine ready after ${secondsToReady.toFixed(1)} s`;
  return [
    ...(gpu === undefined ? [] : [`GPU: ${gpu}`]),
    ...(startPhases === undefined ? [] : [`${ready}, as its log tells: ${phasesText(startPhases)}`]),
  ];
}

/** Where the seconds went: measured, warm-up, engine start, the rest. */
export function timeLine(time: NonNullable<Run["time"]>): string {
  const { engineStartSeconds, warmupSeconds, measuredSeconds, overheadSeconds } = time;
  const total = engineStartSeconds + warmupSeconds + measuredSeconds + overheadSeconds;
  const part = (name: string, value: number) => `${name} ${value.toFixed(1)} s`;
  const parts = [
    part("engine start", engineStartSeconds),
    part("warm-up", warmupSeconds),
    part("measuring", measuredSeconds),
    part("overhead", overheadSeconds),
  ];
  return `${total.toFixed(1)} s: ${parts.join(" + ")} (${((100 * overheadSeconds) / Math.max(total, 1e-9)).toFixed(1)} %)`;
}
