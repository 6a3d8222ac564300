import type { Cell, CellParams, Measurement, SingleMeasurement } from "../document/cell.ts";
import type { RunCell } from "../document/run.ts";
import type { Search } from "../document/search.ts";
import type { SteadyState } from "../document/steady-state.ts";
import { type MetricOptions, metricsOf } from "../measure/measure.ts";
import { medianSteadyState, type SteadyLoad, steadyState } from "../measure/steady-window.ts";
import type { Metrics } from "../metrics/metric.ts";
import { present } from "../present.ts";
import { problemOf } from "./completeness.ts";
import { summarizeRepeats } from "./summarize-repeats.ts";

/** What the cell itself does not know. */
export type GateOptions = Pick<MetricOptions, "pricePerHour">;

type Measured = Extract<Cell, { status: "measured" }>;
type Identity = Pick<RunCell, "id" | "benchmark" | "params">;
type Failure = Pick<Extract<RunCell, { status: "failed" }>, "reason" | "detail">;
type Counts = { completed?: number; failed?: number };

/**
 * The cell as the run document keeps it. `ok` needs positive evidence: something was measured, nothing failed, every
 * count is what was asked for, and the client kept up; a tool's exit code proves nothing (vLLM's is 0 when every request
 * failed). Nothing is thrown: what nobody can compute costs the cell that holds it, and no other.
 */
export function gateCell(cell: Cell, options?: GateOptions): RunCell {
  if (options !== undefined) return gateAnew(cell, options);
  const before = gated.get(cell);
  if (before !== undefined) return before;
  const after = gateAnew(cell, {});
  gated.set(cell, after);
  return after;
}

/** A cell is not changed any more, and is asked for twice while its run lasts: many samples take tens of ms. */
const gated = new WeakMap<Cell, RunCell>();

function gateAnew(cell: Cell, options: GateOptions): RunCell {
  const identity = { id: cell.id, benchmark: cell.benchmark, params: cell.params };
  try {
    return gate(cell, identity, options);
  } catch (error) {
    const bug: Failure = { reason: "client_failed", detail: `its numbers cannot be computed: ${error}` };
    const { reason, detail } = cell.status === "failed" ? cell : bug;
    return { ...identity, status: "failed", reason, detail };
  }
}

function gate(cell: Cell, identity: Identity, options: GateOptions): RunCell {
  switch (cell.status) {
    case "skipped":
      return { ...identity, status: "skipped", reason: cell.reason, detail: cell.detail };
    case "failed": {
      const { reason, detail, logTail, measurement, search } = cell;
      const told = present({ logTail, ...(measurement && countsOf(measurement)), search });
      return { ...identity, status: "failed", reason, detail, ...told };
    }
    case "measured":
      return judge(cell, identity, options);
    default:
      return cell satisfies never;
  }
}

function judge(cell: Measured, identity: Identity, { pricePerHour }: GateOptions): RunCell {
  const { measurement, params, health, telemetry, search, slos } = cell;
  const failure = failureOf(cell);
  if (failure !== undefined)
    return { ...identity, status: "failed", ...failure, ...countsOf(measurement), ...present({ search }) };
  const openLengths = { input: params.prompts === "text", output: params.lengths === "natural" };
  const options = { pricePerHour, slos, energyJ: telemetry?.gpu?.energyJ, openLengths };
  const steady = steadyOf(measurement, steadyLoadOf(params, search));
  const outcomes = measurement.kind === "checked" ? measurement.outcomes : undefined;
  const repeats = measurement.kind === "repeated" ? summarizeRepeats(measurement.repeats, options) : undefined;
  return {
    ...identity,
    status: "ok",
    metrics: { ...metricsOf(measurement, options), ...levelFound(search) },
    ...present({ health, steady, repeats, telemetry, search, slos, outcomes }),
  };
}

function failureOf({ measurement, params, health, search }: Measured): Failure | undefined {
  const problem = problemOf(measurement, params);
  if (problem !== undefined) return { reason: "incomplete_requests", detail: problem };
  const limits = health?.limitedBy ?? [];
  if (limits.length > 0) return { reason: "client_limited", detail: limits.join("; ") };
  if (search !== undefined && highestLevel(search) === undefined) {
    return { reason: "objectives_missed", detail: `none of ${search.probes.length} levels tried met every objective` };
  }
  return undefined;
}

function countsOf(measurement: Measurement): Counts {
  const { completed, failed } = metricsOf(measurement);
  return present({ completed, failed });
}

function levelFound(search: Search | undefined): Metrics {
  const level = search && highestLevel(search);
  if (search === undefined || level === undefined) return {};
  return search.find === "max-rate" ? { found_rate_req_s: level } : { found_concurrency: level };
}

function highestLevel({ probes }: Search): number | undefined {
  const levels = probes.filter(({ meets }) => meets).map(({ level }) => level);
  return levels.length > 0 ? Math.max(...levels) : undefined;
}

function steadyOf(measurement: Measurement, load: SteadyLoad | undefined): SteadyState | undefined {
  if (load === undefined) return undefined;
  const of = (single: SingleMeasurement) =>
    single.kind === "requests" ? steadyState(single.requests, load) : undefined;
  return measurement.kind === "repeated" ? medianSteadyState(measurement.repeats.map(of)) : of(measurement);
}

/** Only a load of one level has a steady state; a ramp or a trace names none of these alone. */
function steadyLoadOf({ concurrency, requestRate }: CellParams, search: Search | undefined): SteadyLoad | undefined {
  const level = search?.find === "max-concurrency" ? highestLevel(search) : concurrency;
  if (typeof level === "number") return { kind: "closed-loop", concurrency: level };
  return typeof requestRate === "number" || search?.find === "max-rate" ? { kind: "open-loop" } : undefined;
}
