import type { TruthLog } from "../answer/truth-log.ts";
import type { Engine } from "../engine/engine.ts";
import type { FaultPlan } from "../faults/faults.ts";
import type { TestAids } from "../faults/test-aids.ts";
import type { Model } from "../request/body.ts";

/** What its HTTP interface shows of a simulated engine. */
export interface SimulatedServer {
  engine: Engine;
  model: Model;
  kvCacheTokens: number;
  prefixCaching: boolean;
  /** Without it no client gets an answer below /v1. */
  apiKey: string | null;
  aids: TestAids;
  faultPlan: FaultPlan | null;
  truth: TruthLog | null;
  /** Called when a generation has been answered in full. @param completed how many so far */
  onCompleted: (completed: number) => void;
}
