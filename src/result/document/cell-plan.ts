import type { Cell, CellParams } from "./cell.ts";
import { type Takes, takenParams } from "./takes.ts";

/** A cell that is going to be measured: what both benchmarks plan, and what a failed engine leaves unmeasured. */
export interface CellPlan {
  id: string;
  benchmark: Cell["benchmark"];
  params: CellParams;
  /** What its server takes, once that was asked. */
  takes?: Takes | undefined;
}

/** The same cell, as it is measured with what the server takes. */
export function withTakes(plan: CellPlan, takes: Takes | undefined): CellPlan {
  return takes === undefined ? plan : { ...plan, params: { ...plan.params, ...takenParams(takes) }, takes };
}
