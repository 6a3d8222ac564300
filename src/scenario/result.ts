import type { GateResult } from "./gate.ts";
import type { RunType } from "./matrix.ts";
import type { PerfMetrics } from "./perf-metrics.ts";

const STAGES = ["ready", "functional", "performance", "accuracy", "gate", "push", "publish", "clean-up"] as const;
export type StageName = (typeof STAGES)[number];

/** How a stage ended; skipped: it was not to be done, or could not be because of what came before. */
export interface StageEnd {
  stage: StageName;
  state: "ok" | "failed" | "skipped";
  /** Why, where there is more to say. */
  detail?: string;
  seconds: number;
}

/** What came of a scenario, with the names of vllm_cibench. */
export interface ScenarioResult {
  scenario: string;
  run_type: RunType;
  base_url: string | null;
  functional: StageEnd["state"];
  /** Per endpoint and summed, as `check-functional` reports it. */
  functional_report?: object;
  perf_metrics?: PerfMetrics;
  accuracy?: object;
  gate?: GateResult;
  pushed: boolean;
  /** Why nothing was pushed. */
  push_reason?: string;
  /** What went wrong first. */
  error?: string;
  /** The engine's log. */
  service_log?: string;
  run_file?: string;
  stages: StageEnd[];
  /** Whether all that was to be done passed: what the exit code says. */
  good: boolean;
}

/** A failed clean-up is told, and changes nothing of what was found before. */
export const isGood = (stages: readonly StageEnd[]): boolean =>
  stages.every(({ stage, state }) => state !== "failed" || stage === "clean-up");

/** The result as its stages are known so far; `more` has what they found. */
export function resultOf(
  head: Pick<ScenarioResult, "scenario" | "run_type" | "base_url">,
  stages: readonly StageEnd[],
  more: Partial<ScenarioResult>,
): ScenarioResult {
  const first = stages.find(({ stage, state }) => state === "failed" && stage !== "clean-up");
  const error = first === undefined ? {} : { error: `${first.stage}: ${first.detail ?? "failed"}` };
  const functional = stages.find(({ stage }) => stage === "functional")?.state ?? "skipped";
  return { ...head, functional, pushed: false, ...more, ...error, stages: [...stages], good: isGood(stages) };
}

/** A line a stage, for a terminal. */
export function resultText({ scenario, run_type, stages, good }: ScenarioResult): string {
  const width = Math.max(...STAGES.map(({ length }) => length));
  const lines = stages.map(
    ({ stage, state, detail, seconds }) =>
      `  ${stage.padEnd(width)}  ${state.padEnd(7)} ${seconds.toFixed(1).padStart(7)} s${detail === undefined ? "" : `  ${detail}`}`,
  );
  return [`${scenario}, ${run_type}: ${good ? "good" : "failed"}`, ...lines].join("\n");
}
