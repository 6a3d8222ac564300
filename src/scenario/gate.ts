import type { Run, RunCell } from "../result/document/run.ts";
import type { Distribution } from "../result/metrics/distribution.ts";
import { present } from "../result/present.ts";
import { failRateOf } from "./perf-metrics.ts";

/** How far a scenario's numbers may fall behind those of the last good daily run. */
export interface GateRules {
  /** 0.05: throughput may drop by 5 %. */
  rps_drop: number;
  /** 0.1: latency may rise by 10 %. */
  latency_rise: number;
  /** 0.05: 5 % of the requests may fail. */
  fail_rate: number;
}

/** Those of vllm_cibench's daily workflow. */
export const STANDARD_RULES: GateRules = { rps_drop: 0.05, latency_rise: 0.1, fail_rate: 0.05 };

/** What one rule says of one cell. */
export interface GateRow {
  cell: string;
  rule: keyof GateRules;
  /** What was looked at: a metric, with its percentile. */
  metric: string;
  value: number;
  baseline?: number;
  /** value ÷ baseline. */
  ratio?: number;
  ok: boolean;
  /** Beyond the rule, but within what the series' own history is known to vary by. */
  withinNoise?: true;
}

export interface GateResult {
  /** Run that the numbers were held against; absent where there is none, which fails nothing. */
  baseline?: string;
  ok: boolean;
  rows: GateRow[];
  /** Cells that have no counterpart with numbers, so that no rule but that of failures was applied. */
  notCompared: string[];
}

type Ok = Extract<RunCell, { status: "ok" }>;

/**
 * Holds every serving cell against the same cell of the baseline. A percentile that one side lacks is never compared: p99
 * where both have it, else p50.
 */
export function regressionGate(run: Run, baseline: Run | undefined, rules: GateRules): GateResult {
  const cells = run.cells.filter(({ benchmark }) => benchmark === "serve-benchmark");
  const before = new Map(baseline?.cells.map((cell) => [cell.id, cell]));
  const rows: GateRow[] = [];
  const notCompared: string[] = [];
  for (const cell of cells) {
    rows.push(...failRateRow(cell, rules));
    const other = before.get(cell.id);
    const isBoth = cell.status === "ok" && other?.status === "ok";
    if (isBoth) rows.push(...throughputRow(cell, other, rules), ...latencyRow(cell, other, rules));
    else notCompared.push(cell.id);
  }
  return present({ baseline: baseline?.id, ok: rows.every(({ ok }) => ok), rows, notCompared });
}

function failRateRow(cell: RunCell, { fail_rate }: GateRules): GateRow[] {
  const value = failRateOf(cell);
  if (value === undefined) return [];
  return [{ cell: cell.id, rule: "fail_rate", metric: "failed of all requests", value, ok: value <= fail_rate }];
}

function throughputRow(cell: Ok, before: Ok, { rps_drop }: GateRules): GateRow[] {
  const value = cell.metrics.request_throughput_req_s;
  const baseline = before.metrics.request_throughput_req_s;
  if (value === undefined || !baseline) return [];
  const ratio = value / baseline;
  const row = { cell: cell.id, rule: "rps_drop", metric: "request_throughput_req_s", value, baseline, ratio } as const;
  return [{ ...row, ok: ratio >= 1 - rps_drop }];
}

function latencyRow(cell: Ok, before: Ok, { latency_rise }: GateRules): GateRow[] {
  const [own, other] = [cell.metrics.e2el_ms, before.metrics.e2el_ms];
  const percentile = (["p99", "p50"] as const).find((name) => isNumber(own, name) && isNumber(other, name));
  if (percentile === undefined) return [];
  const [value, baseline] = [own![percentile]!, other![percentile]!];
  const ratio = value / baseline;
  const row = { cell: cell.id, rule: "latency_rise", metric: `e2el_ms.${percentile}`, value, baseline, ratio } as const;
  return [{ ...row, ok: ratio <= 1 + latency_rise }];
}

const isNumber = (distribution: Distribution | undefined, name: "p50" | "p99") => (distribution?.[name] ?? 0) > 0;

/**
 * The newest run of a scenario's daily line that was good and has numbers of a load of this one. It is of the same kind: simulated
 * numbers are no measure of real ones.
 */
export function lastGoodDaily(
  runs: readonly Run[],
  scenario: string,
  run: Pick<Run, "id" | "simulated" | "cells">,
): Run | undefined {
  const loads = new Set(run.cells.filter(isMeasuredLoad).map(({ id }) => id));
  return runs.findLast(
    (one) =>
      one.scenario?.id === scenario &&
      one.scenario.runType === "daily" &&
      one.scenario.good &&
      one.simulated === run.simulated &&
      one.id !== run.id &&
      one.cells.some((cell) => isMeasuredLoad(cell) && loads.has(cell.id)),
  );
}

const isMeasuredLoad = ({ benchmark, status }: RunCell) => benchmark === "serve-benchmark" && status === "ok";
