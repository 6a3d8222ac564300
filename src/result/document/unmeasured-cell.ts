import type { Cell } from "./cell.ts";
import type { CellPlan } from "./cell-plan.ts";
import type { Failure } from "./reason.ts";

type Client = Cell["client"];

/** A cell that was not tried because the engine was lost at a smaller one. */
export function leftOutCell(plan: CellPlan, client: Client, { reason, detail }: Failure, lostAt: string): Cell {
  const why = `not measured: the sweep ended at ${lostAt}: ${detail}`;
  return { schema: "pitwall.cell/1", ...plan, client, status: "skipped", reason, detail: why };
}

/** A cell that was never begun: skipped when the user cancelled, failed when the engine left. */
export function unmeasuredCell(plan: CellPlan, client: Client, failure: Failure, now: Date): Cell {
  const identity = { schema: "pitwall.cell/1" as const, ...plan, client };
  if (failure.reason === "cancelled") {
    return { ...identity, status: "skipped", reason: "cancelled", detail: failure.detail };
  }
  const at = now.toISOString();
  const clock = { startedAt: at, finishedAt: at, warmupSeconds: 0, measuredSeconds: 0 };
  return { ...identity, ...clock, status: "failed", ...failure };
}
