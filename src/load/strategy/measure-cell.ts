import type { EngineMonitor } from "../../engine/watch/monitor.ts";
import { UsageError, UserError } from "../../errors.ts";
import type { Cell } from "../../result/document/cell.ts";
import type { Failure } from "../../result/document/reason.ts";
import { gateCell } from "../../result/gate/gate.ts";
import { present } from "../../result/present.ts";
import type { ClientEnd, ServingClient } from "../client/serving-client.ts";
import { findLevel } from "./find-level.ts";
import { measureRepeatedly } from "./measure-repeatedly.ts";
import type { ServingCell } from "./serving-cell.ts";
import type { CellEnd, Trying } from "./trying.ts";

/** Whether another try makes sense: whatever went wrong would go wrong again, and takes minutes to show it. */
function isGood(cell: ServingCell, { identity }: Pick<ServingClient, "identity">, end: ClientEnd): boolean {
  if ("failure" in end) return false;
  const clock = { startedAt: new Date(0).toISOString(), finishedAt: new Date(0).toISOString() };
  const common = { schema: "pitwall.cell/1" as const, ...cell.plan, client: identity, ...clock };
  const { warmupSeconds, measuredSeconds, measurement, health } = end;
  const seen = { warmupSeconds, measuredSeconds, measurement, ...present({ health }) };
  return gateCell({ ...common, status: "measured", ...seen }).status === "ok";
}

export async function measureCell(
  cell: ServingCell,
  client: ServingClient,
  monitor: EngineMonitor,
  tools: Pick<Trying, "attempt" | "tell">,
): Promise<Cell> {
  const startedAt = new Date().toISOString();
  const end = await byStrategy(cell, {
    ...tools,
    isGood: (one) => isGood(cell, client, one),
    diagnose: () => monitor.diagnose(),
  }).catch((error: unknown) => mishapAsEnd(error, tools.tell));
  const finishedAt = new Date().toISOString();
  const { warmupSeconds, measuredSeconds } = end;
  const clock = { startedAt, finishedAt, warmupSeconds, measuredSeconds };
  const slos = cell.slos.length > 0 ? { slos: [...cell.slos] } : {};
  const identity = { schema: "pitwall.cell/1" as const, ...cell.plan, client: client.identity, ...clock, ...slos };
  const own = cellOf(identity, end);
  if (gateCell(own).status === "ok") return own;
  const cause = await monitor.diagnose();
  if (cause === undefined) return own;
  // The client's last words, where the cause has none of its own.
  const logTail = own.status === "failed" && own.logTail !== undefined ? { logTail: own.logTail } : {};
  return failedCell(identity, { ...logTail, ...cause }, end);
}

/**
 * Whatever was thrown costs this cell and no other.
 * @throws UsageError, which is no mishap: what was asked for cannot be done
 */
function mishapAsEnd(error: unknown, tell: Trying["tell"]): CellEnd {
  if (error instanceof UsageError) throw error;
  const detail = error instanceof UserError ? error.message : `a bug of pitwall: ${error}`;
  if (error instanceof Error && error.stack !== undefined) tell(error.stack);
  return { warmupSeconds: 0, measuredSeconds: 0, failure: { reason: "client_failed", detail } };
}

async function byStrategy({ strategy, load }: ServingCell, trying: Trying): Promise<CellEnd> {
  switch (strategy.kind) {
    case "once":
      return trying.attempt(load, "");
    case "repeat":
    case "until-ci":
      return measureRepeatedly(load, strategy, trying);
    case "find":
      return findLevel(load, strategy, trying);
    default:
      return strategy satisfies never;
  }
}

type Identity = Omit<Extract<Cell, { status: "failed" }>, "status" | "reason" | "detail" | "logTail" | "measurement">;

/** The cell as its client alone sees it. */
function cellOf(identity: Identity, end: CellEnd): Cell {
  if ("failure" in end) return failedCell(identity, end.failure, end);
  const { measurement, health, telemetry, search } = end;
  return { ...identity, status: "measured", measurement, ...present({ health, telemetry, search }) };
}

function failedCell(identity: Identity, failure: Failure, { measurement, search }: CellEnd): Cell {
  return {
    ...identity,
    status: "failed",
    ...failure,
    ...present({ measurement, search }),
  };
}
