import type { Run } from "../result/document/run.ts";
import { present } from "../result/present.ts";
import type { Family, Labels } from "./exposition.ts";
import { type Group, performanceGroup, stageGroup } from "./group.ts";
import { type AccuracyNumbers, accuracyFamilies, accuracyOf } from "./numbers/ci-accuracy.ts";
import { type CaseResult, caseFamilies, casesOf, functionalFamilies, functionalOf } from "./numbers/ci-functional.ts";
import { loadsOf } from "./numbers/ci-performance.ts";
import { cellFamilies, type Measured, measuredCells } from "./numbers/run-numbers.ts";

/** What is asked for beside the documents. */
export interface RunGroupOptions {
  /** Begins the names of all numbers that have none of vllm_cibench. */
  prefix: string;
  /** Labels that a person gave; they go before what documents say. */
  labels: Labels;
  /** Whether each functional case is a series of its own. */
  perCase: boolean;
  /** Where more is known of cases and tasks than run documents hold. */
  reports?: FullerReports;
}

export interface FullerReports {
  /** All cases that were tested. */
  cases?: readonly CaseResult[];
  /** Tasks, by the ids of their cells. */
  accuracy?: ReadonlyMap<string, AccuracyNumbers>;
}

/** Runs of one model on one machine, with one configuration. */
interface Alike {
  runs: readonly Run[];
  identity: Labels;
  cells: readonly Measured[];
  /** Ids of all their cells, with numbers or without. */
  ids: readonly string[];
}

/**
 * Groups of run documents: one a benchmark with all of its numbers, and those with the names of vllm_cibench: performance,
 * functional, and accuracy for each task. What failed has a group without numbers, which takes the old ones away.
 */
export function runGroups(runs: readonly Run[], options: RunGroupOptions): Group[] {
  const byIdentity = Map.groupBy(runs, (run) => JSON.stringify(identityOf(run, options.labels)));
  return [...byIdentity.values()].flatMap((alike) => groupsOfAlike(alike, options));
}

function groupsOfAlike(runs: readonly Run[], options: RunGroupOptions): Group[] {
  const ids = [...new Set(runs.flatMap((run) => run.cells.map(({ id }) => id)))];
  const alike: Alike = { runs, identity: identityOf(runs[0]!, options.labels), cells: measuredCells(runs), ids };
  const stages = [...new Set(runs.flatMap((run) => run.cells.map(({ benchmark }) => benchmark)))];
  return stages.flatMap((stage) => {
    const own = of(alike, stage);
    const all = stageGroup(own.identity, stage, [...runTime(own), ...cellFamilies(own.cells, options.prefix)]);
    return [all, ...ciGroups(stage, own, options)];
  });
}

function of(alike: Alike, stage: string): Alike {
  const cells = alike.cells.filter(({ cell }) => cell.benchmark === stage);
  return { ...alike, cells, ids: alike.ids.filter((id) => id.startsWith(`${stage}/`)) };
}

function ciGroups(stage: string, own: Alike, { perCase, reports = {} }: RunGroupOptions): Group[] {
  const { identity, cells, ids } = own;
  switch (stage) {
    case "serve-benchmark":
      return [performanceGroup(loadsOf(cells), identity, runTime(own))];
    case "check-functional": {
      const cases = perCase ? caseFamilies(reports.cases ?? casesOf(cells)) : [];
      return [
        stageGroup(identity, "functional", [...runTime(own), ...functionalFamilies(functionalOf(cells)), ...cases]),
      ];
    }
    case "check-accuracy":
      return ids.map((id) => {
        const known = reports.accuracy?.get(id) ?? accuracyOf(cells, id);
        const labels = { ...identity, stage: "accuracy", task: known.task };
        return { labels, families: [...runTime(own), ...accuracyFamilies(known)] };
      });
    default:
      return [];
  }
}

/** Who was measured, and where. */
function identityOf({ model, host, configuration }: Run, given: Labels): Labels {
  return { ...present({ model: model.name, quant: model.quantization, configuration }), host: host.label, ...given };
}

/** When the newest run of these began. */
function runTime({ runs, cells }: Alike): Family[] {
  if (cells.length === 0) return [];
  const newest = Math.max(...runs.map(({ startedAt }) => Date.parse(startedAt)));
  const help = "When the newest of these runs began, in seconds since 1970.";
  return [{ name: "pitwall_run_timestamp_seconds", help, samples: [{ labels: {}, value: newest / 1000 }] }];
}
