import type { Cell } from "../../result/document/cell.ts";
import { fingerprint } from "../../result/series/fingerprint.ts";
import type { CaseResult } from "../model/result.ts";
import type { FunctionalReport } from "./report.ts";

/**
 * The report as a cell, for the run document: counts, and which cases did not conform. A suite of other cases is another
 * series, for a share of them is no later point of this one.
 */
export function functionalCell(report: FunctionalReport, client: Cell["client"]): Cell {
  const { suite, summary, results, startedAt, finishedAt, died } = report;
  const identity = {
    schema: "pitwall.cell/1" as const,
    id: `check-functional/${suite}`,
    benchmark: "check-functional" as const,
    params: {
      suite,
      cases: fingerprint(
        results
          .map(({ id }) => id)
          .toSorted()
          .join("\n"),
      ),
    },
    client,
  };
  const measuredSeconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  const clock = { startedAt, finishedAt, warmupSeconds: 0, measuredSeconds };
  if (died !== undefined) return { ...identity, ...clock, status: "failed", reason: "engine_crashed", detail: died };
  const tested = summary.conforms + summary.deviates;
  if (tested === 0) {
    return {
      ...identity,
      ...clock,
      status: "failed",
      reason: "no_tests",
      detail: "no case of the suite could be tested",
    };
  }
  const metrics = { ...summary, conforming_fraction: summary.conforms / tested };
  return {
    ...identity,
    ...clock,
    status: "measured",
    measurement: { kind: "checked", metrics, outcomes: outcomesOf(results) },
  };
}

/** In a word each, of all cases that do not simply conform. */
function outcomesOf(results: readonly CaseResult[]): Record<string, string> {
  const told = results.filter(({ outcome, flaky }) => outcome !== "conforms" || flaky);
  return Object.fromEntries(told.map(({ id, outcome, flaky }) => [id, flaky ? "flaky" : outcome]));
}
