import type { EngineError } from "../../engine/engine-error.ts";
import type { Cell } from "../../result/document/cell.ts";
import type { CellPlan } from "../../result/document/cell-plan.ts";
import { unmeasuredCell } from "../../result/document/unmeasured-cell.ts";
import { writeCell } from "../../working-folder/cells.ts";

/** The engine died before this benchmark: every cell says so, with its last words. */
export async function recordDeadEngine(
  plans: readonly CellPlan[],
  client: Cell["client"],
  { failure }: EngineError,
  output: string,
): Promise<Cell[]> {
  const cells = plans.map((plan) => unmeasuredCell(plan, client, failure, new Date()));
  for (const cell of cells) await writeCell(output, cell);
  return cells;
}
