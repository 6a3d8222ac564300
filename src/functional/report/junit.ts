import { named } from "../../foreign-text/plain.ts";
import type { CaseResult } from "../model/result.ts";
import type { FunctionalReport } from "./report.ts";

/** The report as JUnit XML, which CI systems show: a suite an endpoint, what was not held as skipped. */
export function junitXml({ suite, results, startedAt }: FunctionalReport): string {
  const suites = [...Map.groupBy(results, ({ endpoint }) => endpoint)].map(([endpoint, own]) =>
    element(
      "testsuite",
      { name: `${suite}.${endpoint}`, ...totals(own), timestamp: startedAt },
      own.map((one) => testCase(suite, one)),
    ),
  );
  const root = element("testsuites", { name: `pitwall ${suite}`, ...totals(results) }, suites);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
}

function totals(results: readonly CaseResult[]) {
  const failures = results.filter(({ outcome }) => outcome === "deviates").length;
  const skipped = results.filter(({ outcome }) => outcome === "unsupported" || outcome === "not_tested").length;
  const time = results.reduce((sum, { seconds = 0 }) => sum + seconds, 0).toFixed(3);
  return { tests: results.length, failures, errors: 0, skipped, time };
}

function testCase(suite: string, { id, endpoint, severity, seconds = 0, ...result }: CaseResult): string {
  const attributes = { name: id, classname: `${suite}.${endpoint}`, time: seconds.toFixed(3) };
  return element("testcase", attributes, childrenOf(severity, result));
}

function childrenOf(
  severity: string,
  result: Pick<CaseResult, "outcome" | "reason" | "path" | "missing" | "exchanges" | "title">,
): string[] {
  const { outcome, reason = "", path, missing = [], exchanges = [], title } = result;
  const where = path === undefined ? "" : `${path}: `;
  switch (outcome) {
    case "conforms":
      return [];
    case "deviates": {
      const lines = exchanges.flatMap(({ request, status, answer }) => [
        request,
        `→ ${status ?? "no answer"} ${answer}`,
      ]);
      const text = escaped([title, `${where}${reason}`, ...lines].join("\n"));
      return [element("failure", { type: severity, message: `${where}${reason}` }, [text])];
    }
    case "unsupported":
      return [element("skipped", { message: `unsupported: ${missing.join(", ")}` }, [])];
    case "not_tested":
      return [element("skipped", { message: `not tested: ${reason}` }, [])];
    default:
      return outcome satisfies never;
  }
}

function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  children: readonly string[],
): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
  const head = `<${name}${written.join("")}`;
  return children.length === 0 ? `${head}/>` : `${head}>${children.join("\n")}</${name}>`;
}

/** Text for XML 1.0, which has no control characters but tab and line ends, and no half of a pair. */
const escaped = (text: string) =>
  named(text.toWellFormed())
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll(/[\uFFFE\uFFFF]/g, "\uFFFD");
