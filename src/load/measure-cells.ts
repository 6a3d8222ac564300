import { type EngineVigil, keepVigil } from "../engine/vigil.ts";
import { unmeasuredCell } from "../latency/cells.ts";
import type { Cell } from "../result/cell.ts";
import type { EngineRecord } from "../result/engine-record.ts";
import { gateCell } from "../result/gate.ts";
import type { Failure } from "../result/reason.ts";
import type { Progress, Tools } from "../verbs/verb.ts";
import type { ClientEnd, ServingCell, ServingClient } from "./serving-client.ts";

interface Session {
  engine: EngineRecord;
  client: ServingClient;
  tools: Tools;
  /** Called with each cell as soon as it ends, so that a crash of ours loses only the rest. */
  onCell(cell: Cell): Promise<void>;
}

/**
 * Measures one cell after the other. When the engine dies, the cell under way and
 * the rest fail with its last words; on a cancel the cell under way keeps what it has and the rest are skipped.
 */
export async function measureCells(cells: readonly ServingCell[], session: Session): Promise<Cell[]> {
  const { engine, client, tools, onCell } = session;
  const vigil = keepVigil(engine, tools.signal);
  const total = cells.reduce((sum, { load }) => sum + load.numPrompts, 0);
  const progress = tools.report.progress("Serve benchmark", total);
  const done: Cell[] = [];
  let requestsBefore = 0;
  try {
    for (const cell of cells) {
      const onProgress = progressOf(cell, requestsBefore, progress);
      onProgress(0, 0);
      const cause = vigil.cause();
      const result =
        cause === undefined
          ? await measureCell(cell, client, vigil, onProgress)
          : unmeasuredCell(cell.plan, client.identity, cause, new Date());
      await onCell(result);
      done.push(result);
      requestsBefore += cell.load.numPrompts;
    }
    progress.update(total);
  } finally {
    vigil.close();
    progress.end();
  }
  return done;
}

function progressOf({ plan }: ServingCell, requestsBefore: number, progress: Progress) {
  const name = plan.id.slice(plan.id.indexOf("/") + 1);
  return (settled: number, failed: number) =>
    progress.update(requestsBefore + settled, failed > 0 ? `${name}, ${failed} failed` : name);
}

async function measureCell(
  cell: ServingCell,
  client: ServingClient,
  vigil: EngineVigil,
  onProgress: (settled: number, failed: number) => void,
): Promise<Cell> {
  const startedAt = new Date().toISOString();
  const end = await client.measure(cell, { signal: vigil.signal, onProgress });
  const finishedAt = new Date().toISOString();
  const { warmupSeconds, measuredSeconds } = end;
  const clock = { startedAt, finishedAt, warmupSeconds, measuredSeconds };
  const identity = { schema: "pitwall.cell/1" as const, ...cell.plan, client: client.identity, ...clock };
  const own = ownCell(identity, end);
  if (gateCell(own).status === "ok") return own;
  const cause = await vigil.inquest();
  return cause === undefined ? own : failedCell(identity, cause, end);
}

type Identity = Omit<Extract<Cell, { status: "failed" }>, "status" | "reason" | "detail" | "logTail" | "measurement">;

/** The cell as its client alone sees it. */
function ownCell(identity: Identity, end: ClientEnd): Cell {
  if ("failure" in end) return failedCell(identity, end.failure, end);
  const { measurement, health } = end;
  return { ...identity, status: "measured", measurement, ...(health === undefined ? {} : { health }) };
}

function failedCell(identity: Identity, failure: Failure, end: ClientEnd): Cell {
  const measurement = "measurement" in end ? { measurement: end.measurement } : {};
  return { ...identity, status: "failed", ...failure, ...measurement };
}
