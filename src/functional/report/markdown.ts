import { type Column, code, fence, joined, type Markdown, md, table } from "../../foreign-text/markdown.ts";
import { SEVERITIES } from "../model/case.ts";
import type { CaseResult } from "../model/result.ts";
import { type Change, changeText } from "./against.ts";
import { countsOf, type FunctionalReport } from "./report.ts";

/** Deviations that are shown with request and answer; the report's file has all. */
const MOST_SHOWN = 20;
const COLUMNS: Column[] = [
  { title: "Endpoint", align: "left" },
  ...["Conforms", "Deviates", "Unsupported", "Not tested"].map((title): Column => ({ title, align: "right" })),
];

/** What else is known beside the report: of an earlier one, and of runs before. */
export interface Beside {
  changes?: readonly Change[];
  history?: ReadonlyMap<string, string>;
}

/** The report for a job's summary: counts by endpoint, then each deviation with its request and answer, gravest first. */
export function functionalMarkdown(report: FunctionalReport, { changes, history }: Beside = {}): Markdown {
  const { suite, model, engineVersion, simulated, results, died } = report;
  const deviating = gravestFirst(results);
  const flaky = results.filter((result) => result.flaky);
  const version = engineVersion === null ? md`` : md` (${engineVersion})`;
  return joined(
    [
      md`### Conformance: suite ${code(suite)} on ${code(model)}${version}`,
      ...(simulated ? [md`Simulated: no real engine answered.`] : []),
      ...(died === undefined ? [] : [md`**The server died**: ${died}`]),
      table(COLUMNS, rowsOf(results)),
      ...(changes === undefined ? [] : [changesPart(changes)]),
      ...deviating.slice(0, MOST_SHOWN).map((result) => deviationPart(result, history?.get(result.id))),
      ...(deviating.length > MOST_SHOWN
        ? [md`… and ${deviating.length - MOST_SHOWN} more deviations: see functional.json`]
        : []),
      ...(flaky.length === 0 ? [] : [flakyPart(flaky, history)]),
      ...lackingPart(report),
    ],
    "\n\n",
  );
}

/** Deviations, musts first. */
export const gravestFirst = (results: readonly CaseResult[]): CaseResult[] =>
  results
    .filter(({ outcome }) => outcome === "deviates")
    .toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));

function rowsOf(results: readonly CaseResult[]): (string | number)[][] {
  const row = (name: string, own: readonly CaseResult[]) => {
    const { conforms, deviates, unsupported, not_tested } = countsOf(own);
    return [name, conforms, deviates, unsupported, not_tested];
  };
  const groups = [...Map.groupBy(results, ({ endpoint }) => endpoint)].map(([name, own]) => row(name, own));
  return [...groups, row("all", results)];
}

function changesPart(changes: readonly Change[]): Markdown {
  if (changes.length === 0) return md`Nothing changed since the earlier report.`;
  return joined([md`Since the earlier report:\n`, ...changes.map((change) => md`- ${changeText(change)}`)], "\n");
}

function deviationPart(
  { id, title, severity, reason = "", path, exchanges = [] }: CaseResult,
  past?: string,
): Markdown {
  const last = exchanges.at(-1);
  const where = path === undefined ? md`` : md`${code(path)}: `;
  const head = md`**${severity}** ${code(id)}: ${title}\n\n${where}${reason}${pastText(past)}`;
  if (last === undefined) return head;
  return joined([head, fence(`${last.request}\n→ ${last.status ?? "no answer"} ${last.answer}`)], "\n\n");
}

const pastText = (past: string | undefined) => (past === undefined ? md`` : md` (${past})`);

function flakyPart(flaky: readonly CaseResult[], history: Beside["history"]): Markdown {
  const lines = flaky.map(({ id, reason = "" }) => md`- ${code(id)}: ${reason}${pastText(history?.get(id))}`);
  return joined([md`Flaky: failed, and held when asked again:\n`, ...lines], "\n");
}

function lackingPart({ capabilities: { lacking } }: FunctionalReport): Markdown[] {
  const names = Object.keys(lacking);
  if (names.length === 0) return [];
  return [joined([md`The server lacks:\n`, ...names.map((name) => md`- ${code(name)}: ${lacking[name]!}`)], "\n")];
}
