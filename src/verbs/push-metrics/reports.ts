import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { planOf } from "../../accuracy/report/cell-of.ts";
import { AccuracyReport, type TaskResult } from "../../accuracy/report/result.ts";
import { readJson } from "../../files.ts";
import { FunctionalReport } from "../../functional/report/report.ts";
import type { AccuracyNumbers } from "../../prometheus/numbers/ci-accuracy.ts";
import type { CaseResult } from "../../prometheus/numbers/ci-functional.ts";
import type { FullerReports } from "../../prometheus/run-groups.ts";
import type { Run } from "../../result/document/run.ts";
import { accuracyFile, functionalFile } from "../../working-folder/names.ts";

/**
 * What the reports beside a run document know of its checks: every case, and whether an accuracy passed its gate.
 * @throws UserError naming a report that cannot be read
 */
export async function reportsBeside(file: string, run: Run): Promise<FullerReports> {
  const [suites, tasks] = [functionalFile(dirname(file)), accuracyFile(dirname(file))];
  const functional = existsSync(suites) ? await readJson(suites, FunctionalReport) : undefined;
  const accuracy = existsSync(tasks) ? await readJson(tasks, AccuracyReport) : undefined;
  return {
    ...(functional !== undefined && isOf(functional, run) ? { cases: functional.results.flatMap(caseOf) } : {}),
    ...(accuracy !== undefined && isOf(accuracy, run) ? { accuracy: new Map(accuracy.results.map(taskOf)) } : {}),
  };
}

/** A check whose cell is in the document happened within its time; a report of another time is of another run. */
function isOf({ startedAt, finishedAt }: FunctionalReport | AccuracyReport, run: Run): boolean {
  const [from, to] = [startedAt, finishedAt].map(Date.parse) as [number, number];
  // The document's moments may have lost their fractions of a second.
  return from >= Date.parse(run.startedAt) - 1000 && to <= Date.parse(run.finishedAt) + 1000;
}

function caseOf({ id, endpoint, outcome }: FunctionalReport["results"][number]): CaseResult[] {
  const isTested = outcome === "conforms" || outcome === "deviates";
  return isTested ? [{ case: id, kind: endpoint, ok: outcome === "conforms" }] : [];
}

/** By the id of its cell. A task with answers that are none has no number, but it has not passed. */
function taskOf({ task, score, correct, total, ok, params }: TaskResult): [string, AccuracyNumbers] {
  const numbers = score === undefined ? {} : { score, correct, total };
  return [planOf(task, params).id, { task, ok, ...numbers }];
}
