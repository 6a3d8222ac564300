import { boundedRun } from "../checks/bounded-run.ts";
import type { Cell } from "../document/cell.ts";
import type { EngineRecord } from "../document/engine-record.ts";
import { compactMoment, type Run, type RunCell, type TimeAccount } from "../document/run.ts";
import { type GateOptions, gateCell } from "../gate/gate.ts";
import { sum } from "../metrics/distribution.ts";
import { present } from "../present.ts";
import { modelFacts } from "../series/model-facts.ts";
import { keepLogsOnce } from "./shared-log.ts";
import { storedCell } from "./stored-cell.ts";
import { storedDigits } from "./stored-digits.ts";

export interface RunParts {
  cells: Cell[];
  /** The server's record first, then the offline engine's; at least one. */
  engines: EngineRecord[];
  trigger: Run["trigger"];
  host: Run["host"];
  /** Eight hex digits that tell runs of one second apart. */
  suffix: string;
  options: GateOptions;
  configuration?: string | undefined;
}

/** Joins what the steps measured into the run document. Pure: the same parts give the same document. */
export function assembleRun({ cells, engines, trigger, host, suffix, options, configuration }: RunParts): Run {
  const engine = engines[0]!;
  // Where only one of two was shrunk, the other is told apart with it rather than it with the other.
  const shrunk = engines.find((record) => record.shrunk !== undefined)?.shrunk;
  const client = cells[0]?.client ?? { kind: "none", version: "0" };
  const gated = cells.map((cell) => {
    const own = cell.client.kind === client.kind ? {} : { client: cell.client };
    return { ...gateCell(cell, options), ...own };
  });
  const runCells = keepLogsOnce(gated.toSorted(byIdentity).map(storedCell));
  const moments = [
    ...engines.map((record) => record.startedAt),
    ...cells.flatMap((cell) => (cell.status === "skipped" ? [] : [cell.startedAt, cell.finishedAt])),
  ].toSorted();
  const startedAt = moments[0]!;
  const finishedAt = moments.at(-1)!;
  return boundedRun({
    schema: "pitwall.run/1",
    id: `${compactMoment(startedAt)}-${suffix}`,
    startedAt,
    finishedAt,
    outcome: outcomeOf(runCells),
    trigger,
    engine: {
      kind: engine.kind,
      version: engine.version,
      image: engine.image ?? null,
      imageDigest: engine.imageDigest ?? null,
      args: engine.args,
      ...present({ shrunk }),
      secondsToReady: engine.secondsToReady,
      ...present({ startPhases: engine.startPhases }),
    },
    model: modelFacts(engine.model, engine.args, engine.dtype),
    host,
    client,
    ...present({ configuration }),
    simulated: engine.kind === "simulated" || (engine.version ?? "").includes("simulated"),
    time: storedDigits(timeAccount(cells, engines, (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000)),
    cells: runCells,
  });
}

function outcomeOf(cells: readonly RunCell[]): Run["outcome"] {
  if (cells.some((cell) => cell.status !== "ok" && cell.reason === "cancelled")) return "cancelled";
  return cells.length > 0 && cells.every((cell) => cell.status === "ok") ? "ok" : "failed";
}

/** Overhead: what is left of `totalSeconds` after engine start, warm-up and measuring. A measured start is no other's. */
export function timeAccount(
  cells: readonly Cell[],
  engines: readonly EngineRecord[],
  totalSeconds: number,
): TimeAccount {
  const measured = cells.filter((cell) => cell.status !== "skipped");
  const engineStartSeconds = sum(
    engines.map(({ startMeasured, secondsToReady }) => (startMeasured ? 0 : (secondsToReady ?? 0))),
  );
  const warmupSeconds = sum(measured.map((cell) => cell.warmupSeconds));
  const measuredSeconds = sum(measured.map((cell) => cell.measuredSeconds));
  const overheadSeconds = Math.max(0, totalSeconds - engineStartSeconds - warmupSeconds - measuredSeconds);
  return { engineStartSeconds, warmupSeconds, measuredSeconds, overheadSeconds };
}

/** Benchmark, then parameters by their numbers: batch size 10 comes after 2. */
function byIdentity(a: RunCell, b: RunCell): number {
  return a.id.localeCompare(b.id, "en", { numeric: true });
}
