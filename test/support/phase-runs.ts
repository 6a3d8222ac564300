import type { Evidence, PhaseRun } from "../../src/evaluate/evidence.ts";
import type { Outcome } from "../../src/evaluate/junit/report.ts";
import type { Tested } from "../../src/evaluate/tested.ts";

const INSIDE: Record<Outcome, string> = {
  passed: "",
  skipped: '<skipped type="pytest.skip" message="not here"/>',
  xfailed: '<skipped type="pytest.xfail" message="known"/>',
  failed: '<failure message="no"/>',
  error: '<error message="failed on setup with no"/>',
};

const escaped = (text: string) =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;").replaceAll("\n", "&#10;");

function testcase([id, outcome]: readonly [string, Outcome]): string {
  const [file, ...rest] = id.split("::");
  const name = rest.join("::");
  const classname = file!.replace(/\.py$/, "").replaceAll("/", ".");
  const inside = rest.length === 0 ? '<error message="collection failure"/>' : INSIDE[outcome];
  const names = rest.length === 0 ? ["", classname] : [classname, name];
  return `<testcase classname="${names[0]}" name="${escaped(names[1]!)}">${inside}</testcase>`;
}

/** A report of tests by their ids, in pytest's form; one that is only a file could not be read. */
function report(outcomes: readonly (readonly [string, Outcome])[]): string {
  return `<testsuites><testsuite tests="${outcomes.length}">${outcomes.map(testcase).join("")}</testsuite></testsuites>`;
}

type Outcomes = Record<string, Outcome> | readonly (readonly [string, Outcome])[];

/** A run of pytest that ended as its tests say. */
export function ran(outcomes: Outcomes, code?: number): PhaseRun {
  const all = Array.isArray(outcomes)
    ? (outcomes as [string, Outcome][])
    : Object.entries(outcomes as Record<string, Outcome>);
  const isBad = all.some(([, outcome]) => outcome === "failed" || outcome === "error");
  return { end: { kind: "exit", code: code ?? (isBad ? 1 : 0) }, junit: report(all), seconds: 1 };
}

export const phases = (before: PhaseRun | PhaseRun[], after: PhaseRun | PhaseRun[]): Evidence => ({
  ...{ kind: "phases", before: [before].flat(), after: [after].flat() },
});

export const tested = (failToPass: string[], passToPass: string[] = []): Tested => ({
  targets: { kind: "files", paths: [] },
  lists: { failToPass, passToPass },
  testFiles: [],
});

/** An instance whose dataset has no lists. */
export const withoutLists: Tested = { targets: { kind: "files", paths: [] }, lists: undefined, testFiles: [] };
