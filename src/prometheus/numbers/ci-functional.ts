import { sum } from "../../result/metrics/distribution.ts";
import type { Family } from "../exposition.ts";
import type { Measured } from "./run-numbers.ts";

/** What came of functional suites; cases that were not tested are in the total only. */
interface FunctionalNumbers {
  total: number;
  passed: number;
  failed: number;
}

/** A case that was tested. */
export interface CaseResult {
  case: string;
  /** The endpoint that it asked. */
  kind: string;
  ok: boolean;
}

/** All suites together; undefined where none has numbers. */
export function functionalOf(cells: readonly Measured[]): FunctionalNumbers | undefined {
  if (cells.length === 0) return undefined;
  const count = (...names: ("conforms" | "deviates" | "unsupported" | "not_tested")[]) =>
    sum(cells.flatMap(({ cell }) => names.map((name) => cell.metrics[name] ?? 0)));
  return {
    total: count("conforms", "deviates", "unsupported", "not_tested"),
    passed: count("conforms"),
    failed: count("deviates"),
  };
}

/**
 * Cases whose outcome the cells hold: at least those that deviate, or held only when they were asked again. A case's id begins
 * with its endpoint.
 */
export function casesOf(cells: readonly Measured[]): CaseResult[] {
  return cells.flatMap(({ cell }) =>
    Object.entries(cell.outcomes ?? {}).flatMap(([id, outcome]) => {
      const isTested = ["conforms", "flaky", "deviates"].includes(outcome);
      return isTested ? [{ case: id, kind: id.split(".")[0]!, ok: outcome !== "deviates" }] : [];
    }),
  );
}

/** Totals; without a rate where nothing was tested. */
export function functionalFamilies(numbers: FunctionalNumbers | undefined): Family[] {
  if (numbers === undefined) return [];
  const { total, passed, failed } = numbers;
  const tested = passed + failed;
  return [
    number("ci_functional_total", "Functional cases, those not tested too.", total),
    number("ci_functional_passed", "Functional cases that passed.", passed),
    number("ci_functional_failed", "Functional cases that failed.", failed),
    ...(tested === 0
      ? []
      : [number("ci_functional_pass_rate", "Passed ÷ (passed + failed), from 0 to 1.", passed / tested)]),
  ];
}

/** Case by case; one that was not tested has no result. */
export function caseFamilies(cases: readonly CaseResult[]): Family[] {
  const samples = cases.map(({ case: id, kind, ok }) => ({ labels: { case: id, kind }, value: ok ? 1 : 0 }));
  return [{ name: "ci_functional_case_ok", help: "Whether the case passed: 1 or 0.", samples }];
}

const number = (name: string, help: string, value: number): Family => ({
  name,
  help,
  samples: [{ labels: {}, value }],
});
