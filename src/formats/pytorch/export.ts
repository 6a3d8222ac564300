import { pointsOf } from "../../database/query/points.ts";
import type { Run } from "../../result/document/run.ts";
import { METRICS } from "../../result/metrics/metric.ts";
import { gpuName, UNKNOWN_GPU } from "../../result/series/gpu-name.ts";

/** A record a number; what the format has no field for is in `extra_info`, so that an import gives the numbers back. */
export function exportPytorch(runs: readonly Run[]): string {
  return `${JSON.stringify(runs.flatMap(recordsOf), null, 1)}\n`;
}

/** The format has one field for the kind of a machine; a count that nobody knows is left out. */
function runnerGpu(run: Run): { type: string; gpu_count?: number } {
  const { gpu, gpuCount } = run.host;
  if (gpuName(run) === UNKNOWN_GPU) return { type: "unknown" };
  return { type: gpu ?? "cpu", ...(gpuCount === null ? {} : { gpu_count: gpuCount }) };
}

function recordsOf(run: Run) {
  const { trigger, engine, model, host } = run;
  const params = new Map(run.cells.map((cell) => [cell.id, cell.params]));
  const runUrl = /\/actions\/runs\/(\d+)/.exec(trigger.runUrl ?? "");
  const common = {
    timestamp: Math.floor(Date.parse(run.startedAt) / 1000),
    schema_version: "v3",
    repo: trigger.repository ?? "",
    head_branch: trigger.ref ?? "",
    head_sha: trigger.commit ?? "",
    workflow_id: Number(runUrl?.[1] ?? 0),
    run_attempt: trigger.attempt,
  };
  const runners = [{ name: host.label, ...runnerGpu(run) }];
  return pointsOf(run).map(({ cell, metric, statistic, value, unit, client }) => ({
    ...common,
    benchmark: {
      name: "pitwall",
      mode: cell.slice(0, cell.indexOf("/")),
      dtype: model.dtype ?? "",
      extra_info: { run: run.id, startedAt: run.startedAt, cell, params: params.get(cell), client },
    },
    model: { name: model.name, type: "LLM", backend: [engine.kind, engine.version ?? ""].join(" ").trim() },
    runners,
    metric: {
      name: statistic === "value" ? metric : `${metric}.${statistic}`,
      benchmark_values: [value],
      extra_info: { unit, better: METRICS[metric].better },
    },
  }));
}
