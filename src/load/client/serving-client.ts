import type { Cell, ClientHealth, SingleMeasurement } from "../../result/document/cell.ts";
import type { Failure } from "../../result/document/reason.ts";
import type { Telemetry } from "../../result/document/telemetry.ts";
import type { LoadPlan } from "../../workload/load-plan.ts";
import type { LiveCounts } from "../run/load-threads.ts";

/** What a load generator is told; where the engine is, it knows. */
export type ServingLoad = Omit<LoadPlan, "baseUrl" | "model">;

/** How one measurement ended: measured, even if requests failed, or the client itself failed. */
export type ClientEnd = { warmupSeconds: number; measuredSeconds: number } & (
  | { measurement: SingleMeasurement; health?: ClientHealth; telemetry?: Telemetry }
  | { failure: Failure }
);

export interface ClientWatch {
  signal: AbortSignal;
  /** Called right before the first measured request. */
  onMeasuring(): void;
  /** Called now and then, by clients that can tell. */
  onProgress(live: LiveCounts): void;
}

/** What sends the requests of a cell: our load generator, or vLLM's. */
export interface ServingClient {
  identity: Cell["client"];
  /** @param name of the files that the client leaves: the cell's, and which try of it */
  measure(name: string, load: ServingLoad, watch: ClientWatch): Promise<ClientEnd>;
  close(): Promise<void>;
}
