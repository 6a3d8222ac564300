import type { Combination } from "../../experiment/plan.ts";
import type { ExperimentEnd } from "../../result/document/experiment.ts";
import type { Run, RunCell } from "../../result/document/run.ts";
import type { Outcome } from "../verb.ts";

/** A combination that no engine was started for. */
export function notRun(
  combination: Combination,
  configurationHash: string,
  end: Pick<ExperimentEnd, "status" | "reason" | "detail">,
): ExperimentEnd {
  return { ...identityOf(combination), ...end, seconds: 0, configurationHash };
}

interface Attempt {
  outcome: Outcome | { problem: string };
  /** The document that it wrote, if it came so far. */
  run: Run | undefined;
  seconds: number;
  hash: string;
}

/** How a combination that was tried ended: the class is that of the first cell without numbers. */
export function endOf(combination: Combination, { outcome, run, seconds, hash }: Attempt): ExperimentEnd {
  const common = { ...identityOf(combination), seconds: Math.round(seconds * 1000) / 1000, configurationHash: hash };
  if ("problem" in outcome || run === undefined) {
    const detail = "problem" in outcome ? outcome.problem : "it left no run document";
    return { ...common, status: "failed", reason: "environment", detail };
  }
  const isUnpublished = (outcome.outputs.unpublished as string[] | undefined)?.length;
  const known = { ...common, runId: run.id, ...(isUnpublished ? { published: false as const } : {}) };
  if (run.outcome === "cancelled") {
    return { ...known, status: "cancelled", reason: "cancelled", detail: "it was cancelled half-way" };
  }
  const gaps = run.cells.filter((cell) => cell.status !== "ok");
  if (gaps.length > 0) return { ...known, status: "failed", ...explain(gaps, run) };
  if (outcome.ok) return { ...known, status: "ok" };
  return {
    ...known,
    status: "failed",
    reason: "environment",
    detail: "it was measured, but not published: see the log",
  };
}

const identityOf = ({ name, settings, engineArgs }: Combination) => ({ name, settings: { ...settings }, engineArgs });

function explain(
  gaps: readonly Exclude<RunCell, { status: "ok" }>[],
  run: Run,
): Pick<ExperimentEnd, "reason" | "detail"> {
  const { reason, detail } = gaps[0]!;
  const part = gaps.length === run.cells.length ? "" : `${gaps.length} of ${run.cells.length} cells: `;
  return { reason, detail: `${part}${detail}` };
}
