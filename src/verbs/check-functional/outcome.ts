import { type Case, SEVERITIES } from "../../functional/model/case.ts";
import type { CaseResult } from "../../functional/model/result.ts";
import { changeText } from "../../functional/report/against.ts";
import { type Beside, functionalMarkdown, gravestFirst } from "../../functional/report/markdown.ts";
import type { FunctionalReport } from "../../functional/report/report.ts";
import { boxTable } from "../../report/tables/box-table.ts";
import { functionalFile } from "../../working-folder/names.ts";
import type { Outcome } from "../verb.ts";
import type { CheckFunctionalInputs } from "./inputs.ts";

/** What a check came to: in numbers, for a terminal and for a job's summary. */
export function outcomeOf(
  done: FunctionalReport,
  { output, failOnSeverity }: Pick<CheckFunctionalInputs, "output" | "failOnSeverity">,
  beside: Beside,
): Outcome {
  const { summary, flaky, results, died } = done;
  const { conforms, deviates, unsupported, not_tested } = summary;
  const deviating = gravestFirst(results);
  return {
    ok: died === undefined && !deviating.some((result) => counts(result, failOnSeverity)),
    outputs: {
      ...{ conforms, deviates, unsupported, notTested: not_tested, flaky },
      deviating: deviating.map(({ id }) => id),
      reportFile: functionalFile(output),
    },
    summary: functionalMarkdown(done, beside),
    text: textOf(done, deviating, beside),
    failures: deviating
      .filter((result) => counts(result, failOnSeverity))
      .map(({ id, reason = "" }) => ({ what: "case", name: id, reason: "deviates", detail: reason })),
  };
}

/** Whether a deviation is as grave as what fails the command. */
const counts = ({ severity }: CaseResult, least: CheckFunctionalInputs["failOnSeverity"]) =>
  least !== "never" && SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(least);

function textOf(done: FunctionalReport, deviating: readonly CaseResult[], { changes, history }: Beside): string {
  const { suite, summary, flaky, simulated, died, results } = done;
  const { conforms, deviates, unsupported, not_tested } = summary;
  const row = ({ severity, id, path, reason = "" }: CaseResult) => [
    ...[severity, id, [path, reason].filter((one) => one !== undefined).join(": ")],
    history?.get(id) ?? "",
  ];
  const shaky = results.filter((result) => result.flaky);
  return [
    ...(deviating.length === 0 ? [] : [boxTable(COLUMNS, deviating.map(row))]),
    ...shaky.map(({ id, reason = "" }) => `flaky: ${id}: ${reason}`),
    ...(changes ?? []).map(changeText),
    ...(changes?.length === 0 ? ["nothing changed since the earlier report"] : []),
    ...(died === undefined ? [] : [`the server died: ${died}`]),
    `${suite}${simulated ? " (simulated)" : ""}: ${conforms} conform, ${deviates} deviate, ${unsupported} unsupported, ` +
      `${not_tested} not tested${flaky > 0 ? `; ${flaky} flaky` : ""}`,
  ].join("\n");
}

const COLUMNS = ["Severity", "Case", "What is wrong", "Before"].map((title) => ({ title, align: "left" }) as const);

/** The cases, for whoever wants to know what is asked. */
export function casesText(cases: readonly Case[]): Outcome {
  const rows = cases.map(({ severity, id, title, needs }) => [severity, id, title, needs.join(", ")]);
  const columns = ["Severity", "Case", "What must be", "Needs"].map((title) => ({ title, align: "left" }) as const);
  return {
    ok: true,
    outputs: {
      conforms: null,
      deviates: null,
      unsupported: null,
      notTested: cases.length,
      flaky: null,
      deviating: [],
      reportFile: null,
    },
    text: cases.length === 0 ? "no cases" : boxTable(columns, rows),
  };
}
