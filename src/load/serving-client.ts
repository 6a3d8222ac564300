import type { Cell, ClientHealth, Measurement } from "../result/cell.ts";
import type { Failure } from "../result/reason.ts";
import type { CellPlan } from "../verbs/cell-plan.ts";
import type { LoadPlan } from "./load-plan.ts";

/** A cell to measure: what the document records, and the same as a load generator takes it. */
export interface ServingCell {
  plan: CellPlan;
  load: Omit<LoadPlan, "baseUrl" | "model">;
}

/** How a client's work on one cell ended: measured, even if requests failed, or the client itself failed. */
export type ClientEnd = { warmupSeconds: number; measuredSeconds: number } & (
  | { measurement: Measurement; health?: ClientHealth }
  | { failure: Failure }
);

/** What sends the requests of a cell: our load generator, or vLLM's. */
export interface ServingClient {
  identity: Cell["client"];
  /** @param onProgress requests settled and failed so far, as far as the client tells */
  measure(
    cell: ServingCell,
    watch: { signal: AbortSignal; onProgress: (settled: number, failed: number) => void },
  ): Promise<ClientEnd>;
}
