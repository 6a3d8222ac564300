import type { Cell, Measurement, SingleMeasurement } from "../result/document/cell.ts";
import type { CellPlan } from "../result/document/cell-plan.ts";
import type { Failure } from "../result/document/reason.ts";
import { sum } from "../result/metrics/distribution.ts";
import type { SizeResult } from "./sweep.ts";

type Client = Cell["client"];
/** A measured size as a cell; a failed one keeps the iterations it had. `ended` tells why the whole sweep stopped. */
export function sizeCell(plan: CellPlan, result: SizeResult, client: Client, ended?: Failure): Cell {
  const clock = {
    startedAt: result.startedAt.toISOString(),
    finishedAt: result.finishedAt.toISOString(),
    warmupSeconds: result.warmupSeconds,
    measuredSeconds: sum(result.latenciesS),
  };
  const identity = { schema: "pitwall.cell/1" as const, ...plan, client };
  const measurement = measurementOf(result);
  if (result.status === "measured") return { ...identity, ...clock, status: "measured", measurement };
  const own: Failure = { reason: result.reason, detail: result.error };
  return {
    ...identity,
    ...clock,
    status: "failed",
    ...causeOf(own, ended),
    ...(result.latenciesS.length > 0 ? { measurement } : {}),
  };
}

function measurementOf(result: SizeResult): Measurement {
  const { latenciesS, repeatTokens } = result;
  if (repeatTokens !== undefined) {
    return oneOrRepeated(
      repeatTokens.map((tokens, index) => ({ kind: "batch", durationS: latenciesS[index]!, ...tokens })),
    );
  }
  const { inputTokens, outputTokens } = result.status === "measured" ? result : { inputTokens: [], outputTokens: [] };
  return { kind: "iterations", latenciesS, inputTokens, outputTokens };
}

function oneOrRepeated(repeats: SingleMeasurement[]): Measurement {
  return repeats.length === 1 ? repeats[0]! : { kind: "repeated", repeats };
}

/** The engine's own word counts for more than its log's, which may have been cut; the log is told all the same. */
function causeOf(own: Failure, ended: Failure | undefined): Failure {
  if (ended === undefined) return own;
  return own.reason === "out_of_memory" && ended.reason === "engine_crashed" ? { ...ended, ...own } : ended;
}
