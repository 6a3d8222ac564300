import { createHash } from "node:crypto";
import { boundedRun } from "../../result/checks/bounded-run.ts";
import type { Failure } from "../../result/document/reason.ts";
import { compactMoment, Run, type RunCell } from "../../result/document/run.ts";
import type { Comparison } from "../comparison.ts";
import type { LiveComparison } from "../live-comparison.ts";

/**
 * A comparison as a run document, which `publish` takes: a cell for each metric of each cell of each arm. Engine, model and
 * machine are the base's. Pure.
 * @param base a run document of its own
 */
export function comparisonRun(live: LiveComparison, base: Run): Run {
  const { startedAt, finishedAt, comparisons } = live;
  const suffix = createHash("sha256").update(JSON.stringify(live)).digest("hex").slice(0, 8);
  const cells = comparisons.map((one) => cellOf(one, live));
  const { schema, trigger, engine, model, host, client, configuration, simulated } = base;
  const isWhole = cells.length > 0 && cells.every(({ status }) => status === "ok");
  return Run.parse(
    boundedRun({
      ...{ schema, id: `${compactMoment(startedAt)}-${suffix}`, startedAt, finishedAt },
      outcome: live.end === "cancelled" ? "cancelled" : isWhole ? "ok" : "failed",
      ...{ trigger, engine, model, host, client, simulated, cells },
      ...(configuration === undefined ? {} : { configuration }),
    }),
  );
}

function cellOf(comparison: Comparison, { arms, margin }: LiveComparison): RunCell {
  const { arm, cell, metric, ratio, low, high, state, blocks, detail } = comparison;
  const id = `compare/${arm}_${cell.replace("/", "_")}_${metric}`;
  const params = { arm, base: arms[0]!.name, cell, metric, margin };
  const identity = { id, benchmark: "compare" as const, params };
  if (ratio !== undefined && low !== undefined && high !== undefined) {
    return { ...identity, status: "ok", metrics: { ratio, ratio_low: low, ratio_high: high, blocks } };
  }
  const failure = arms.find(({ name }) => name === arm)?.failure;
  const reason: Failure["reason"] = state === "arm_failed" && failure !== undefined ? failure.reason : "environment";
  return { ...identity, status: "failed", reason, detail: detail ?? state };
}
