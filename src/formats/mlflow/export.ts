import { pointsOf } from "../../database/query/points.ts";
import type { Run } from "../../result/document/run.ts";
import { repositoryUrl } from "../../result/series/commit-url.ts";
import { contextKey, contextOf, type SeriesContext } from "../../result/series/series.ts";
import type { MlflowServer } from "./server.ts";

/** Tag that tells whether a run is there already. */
const RUN_TAG = "pitwall.run";
/** Most of each that `runs/log-batch` takes. */
const METRICS_AT_ONCE = 1000;
/** Longest name of an experiment or metric, and longest value of a tag, that every store takes. */
const LONGEST_NAME = 250;
const LONGEST_TAG = 5000;

export interface Logged {
  logged: string[];
  already: string[];
}

/**
 * Runs on an MLflow server: an experiment for each combination of model, engine and machine, a run for each document,
 * told by a tag with its id. One that an earlier export left unfinished is replaced.
 * @throws UserError when the server does not take them; what was logged until then is there
 */
export async function logToMlflow(runs: readonly Run[], server: MlflowServer, signal: AbortSignal): Promise<Logged> {
  const logged: string[] = [];
  const already: string[] = [];
  const groups = Map.groupBy(runs, (run) => contextKey(contextOf(run)));
  for (const group of groups.values()) {
    const experiment = await experimentId(server, experimentName(contextOf(group[0]!)));
    for (const run of group) {
      signal.throwIfAborted();
      const isNew = await logRun(server, experiment, run);
      (isNew ? logged : already).push(run.id);
    }
  }
  return { logged, already };
}

function experimentName({ model, engine, quantization, tensorParallel, gpu, host, client, simulated }: SeriesContext) {
  const size = tensorParallel > 1 ? [`TP ${tensorParallel}`] : [];
  const parts = [model, engine, ...(quantization === null ? [] : [quantization]), ...size, gpu, host, `by ${client}`];
  return `pitwall: ${[...parts, ...(simulated ? ["simulated"] : [])].join(", ")}`.slice(0, LONGEST_NAME);
}

async function experimentId(server: MlflowServer, name: string): Promise<string> {
  const found = await server.get("experiments/get-by-name", { experiment_name: name });
  if (found !== null) return (found as { experiment: { experiment_id: string } }).experiment.experiment_id;
  return ((await server.post("experiments/create", { name })) as { experiment_id: string }).experiment_id;
}

interface MlflowRun {
  info: { run_id: string; status: string };
}

async function logRun(server: MlflowServer, experiment: string, run: Run): Promise<boolean> {
  const search = { experiment_ids: [experiment], filter: `tags.\`${RUN_TAG}\` = '${run.id}'`, max_results: 10 };
  const { runs: found = [] } = (await server.post("runs/search", search)) as { runs?: MlflowRun[] };
  if (found.some(({ info }) => info.status !== "RUNNING")) return false;
  for (const { info } of found) await server.post("runs/delete", { run_id: info.run_id });
  const start = {
    experiment_id: experiment,
    run_name: run.id,
    start_time: Date.parse(run.startedAt),
    tags: tagsOf(run),
  };
  const created = (await server.post("runs/create", start)) as { run: MlflowRun };
  const { run_id } = created.run.info;
  const metrics = metricsOf(run);
  for (let first = 0; first < metrics.length; first += METRICS_AT_ONCE) {
    await server.post("runs/log-batch", { run_id, metrics: metrics.slice(first, first + METRICS_AT_ONCE) });
  }
  const status = run.outcome === "ok" ? "FINISHED" : run.outcome === "failed" ? "FAILED" : "KILLED";
  await server.post("runs/update", { run_id, status, end_time: Date.parse(run.finishedAt) });
  return true;
}

/** A run has one number a series, so that its step is always 0. */
function metricsOf(run: Run) {
  const timestamp = Date.parse(run.startedAt);
  return pointsOf(run).map(({ cell, metric, statistic, value }) => ({
    key: `${cell}/${metric}${statistic === "value" ? "" : `.${statistic}`}`.slice(0, LONGEST_NAME),
    ...{ value, timestamp, step: 0 },
  }));
}

function tagsOf({ id, trigger, engine, model, host, simulated }: Run) {
  const tags = {
    [RUN_TAG]: id,
    "mlflow.source.git.commit": trigger.commit,
    "mlflow.source.git.branch": trigger.ref,
    "mlflow.source.git.repoURL": repositoryUrl(trigger) ?? null,
    "pitwall.subject": trigger.subject,
    "pitwall.runUrl": trigger.runUrl,
    "pitwall.engine": engine.kind,
    "pitwall.engineVersion": engine.version,
    "pitwall.model": model.name,
    "pitwall.host": host.label,
    "pitwall.gpu": host.gpu,
    "pitwall.simulated": String(simulated),
  };
  return Object.entries(tags)
    .filter((entry): entry is [string, string] => entry[1] !== null && entry[1] !== "")
    .map(([key, value]) => ({ key, value: value.slice(0, LONGEST_TAG) }));
}
