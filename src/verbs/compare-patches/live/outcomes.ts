import { createHash } from "node:crypto";
import type { End } from "../../../arms/commits/arm-result.ts";
import type { ArmOutcome } from "../../../arms/commits/write/result-content.ts";
import type { Comparison } from "../../../arms/comparison.ts";
import type { LiveComparison } from "../../../arms/live-comparison.ts";
import type { ArmRecord } from "../../../arms/states/arm-record.ts";
import { compareArms } from "../../../arms/states/compare-arms.ts";
import type { Design } from "../../../arms/statistics/decide.ts";
import type { CellPlan } from "../../../result/document/cell-plan.ts";
import type { Failure, Reason } from "../../../result/document/reason.ts";
import { medianMetrics } from "../../../result/metrics/median-metrics.ts";
import type { Metrics } from "../../../result/metrics/metric.ts";
import { present } from "../../../result/present.ts";
import type { PlannedArm } from "../arms.ts";
import type { Parameters } from "../parameters.ts";
import type { PlannedTask } from "../plan.ts";

/** What was asked of an arm: results of another question say nothing of this one. */
export function questionOf({ image, patch }: PlannedArm, parameters: Parameters | undefined): string {
  const asked = JSON.stringify([image, patch?.text, present(parameters ?? {})], (_key, value) =>
    value === Number.POSITIVE_INFINITY ? "inf" : value,
  );
  return createHash("sha256").update(asked).digest("hex");
}

/** What an arm came to that was not run. */
export function refusedOutcome(task: PlannedTask, arm: PlannedArm, end: End, error: string, at: Date): ArmOutcome {
  return { ...headOf(task, arm, at), end, error, metrics: {}, measurements: 0, seconds: 0 };
}

/** How arms were measured together. */
interface How {
  design: Design;
  shrunk?: LiveComparison["shrunk"];
  at: Date;
}

/** What arms came to that were measured together, each beside the baseline and beside the human. */
export function measuredOutcomes(
  task: PlannedTask,
  arms: readonly PlannedArm[],
  records: readonly ArmRecord[],
  { design, shrunk, at }: How,
): ArmOutcome[] {
  const recordOf = (kind: PlannedArm["kind"]) => records[arms.findIndex((one) => one.kind === kind)];
  const [baseline, human] = [recordOf("baseline"), recordOf("human")];
  return arms.map((arm, index) => {
    const record = records[index]!;
    const others = records.filter((one) => one !== record);
    const beside = (base: ArmRecord | undefined) =>
      base === undefined || base === record ? undefined : besideOf(base, record, others, design);
    const head = headOf(task, arm, at);
    return {
      ...head,
      parameters: shrunk === undefined ? head.parameters : withShrunk(head.parameters, shrunk),
      ...numbersOf(record),
      ...(arm.kind === "baseline" ? {} : { besideBaseline: beside(baseline) }),
      ...(arm.kind === "agent" ? { besideHuman: beside(human) } : {}),
    };
  });
}

/** The comparisons of one arm with one base; the others tell whose failure it is. */
function besideOf(base: ArmRecord, arm: ArmRecord, others: readonly ArmRecord[], design: Design): Comparison[] {
  const cells = [base, arm, ...others].flatMap(({ measured }) => measured.flatMap(({ run }) => run.cells));
  const plans = [...new Map(cells.map(({ id, benchmark }) => [id, { id, benchmark }])).values()];
  const rest = others.filter((one) => one !== base);
  const all = compareArms([base, arm, ...rest], plans as Plan[], design);
  return all.filter((one) => one.arm === arm.arm.name);
}

/** Cells of arms are those of benchmarks, never of an evaluation. */
type Plan = Pick<CellPlan, "id" | "benchmark">;

function headOf({ pair, parameters }: PlannedTask, arm: PlannedArm, at: Date) {
  const { kind, image, patch } = arm;
  return {
    ...{ kind, commit: pair.commit, short: pair.short, parent: pair.parent, image, at },
    ...{
      model: parameters?.model ?? pair.model,
      originalModel: parameters?.originalModel,
      benchmark: parameters?.benchmark,
    },
    parameters: parameters && spelledParameters(parameters),
    agent: patch && { name: patch.agent, attempt: patch.attempt, patch: patch.file },
    question: questionOf(arm, parameters),
  };
}

/** In the names of vLLM's own arguments. */
function spelledParameters(parameters: Parameters): Record<string, string | number> {
  const { requests, inputLen, outputLen, requestRate, concurrency, warmupRequests, endpoint, seed } = parameters;
  const at = parameters.engineArgs.lastIndexOf("--max-model-len");
  return present({
    ...{ num_prompts: requests, dataset_name: "random", random_input_len: inputLen, random_output_len: outputLen },
    ...{ request_rate: requestRate === Number.POSITIVE_INFINITY ? "inf" : requestRate, max_concurrency: concurrency },
    ...{ num_warmups: warmupRequests, endpoint, seed, timeout_s: parameters.timeoutSeconds },
    ...{ max_model_len: at === -1 ? undefined : Number(parameters.engineArgs[at + 1]) },
    engine_args: parameters.engineArgs.length === 0 ? undefined : parameters.engineArgs.join(" "),
    notes: parameters.notes.length === 0 ? undefined : parameters.notes.join("; "),
  }) as Record<string, string | number>;
}

function withShrunk(
  parameters: ArmOutcome["parameters"],
  { arm, to }: NonNullable<LiveComparison["shrunk"]>,
): ArmOutcome["parameters"] {
  const note = `${arm} had no memory for more than max_model_len ${to}, which all arms had then`;
  const notes = [parameters?.notes, note].filter(Boolean).join("; ");
  return { ...parameters, max_model_len: to, notes };
}

function numbersOf({ measured, failure, gaps }: ArmRecord) {
  const cells = measured.flatMap(({ run }) => run.cells.filter((cell) => cell.status === "ok"));
  const seconds = measured.reduce(
    (sum, { run }) => sum + (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000,
    0,
  );
  const why = failure ?? (cells.length === 0 ? [...gaps.values()][0] : undefined);
  if (why !== undefined) return { ...endOf(why), metrics: {}, measurements: measured.length, seconds };
  const metrics = perMeasurement(medianMetrics(cells.map((cell) => cell.metrics)), cells.length);
  return { end: "measured" as const, metrics, measurements: measured.length, seconds };
}

/** Amounts of all measurements together become those of one. */
function perMeasurement(metrics: Metrics, count: number): Metrics {
  const { completed, failed, duration_s, ...others } = metrics;
  const each = (value: number | undefined) => value && value / count;
  return { ...others, ...present({ completed: each(completed), failed, duration_s: each(duration_s) }) };
}

const ENDS: Partial<Record<Reason, End>> = {
  ...{ image_missing: "image_missing", patch_failed: "patch_failed", no_patch: "no_patch" },
  ...{ startup_timeout: "timeout", client_timeout: "timeout" },
};

const endOf = ({ reason, detail }: Failure): { end: End; error: string } => ({
  end: ENDS[reason] ?? "failed",
  error: `${reason}: ${detail}`,
});
