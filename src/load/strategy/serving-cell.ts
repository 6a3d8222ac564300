import type { CellPlan } from "../../result/document/cell-plan.ts";
import type { Search } from "../../result/document/search.ts";
import type { Slo } from "../../result/document/slo.ts";
import type { Objective } from "../../result/measure/objective.ts";
import type { MetricName } from "../../result/metrics/metric.ts";
import type { ServingLoad } from "../client/serving-client.ts";
import type { SearchPlan } from "./level-search.ts";
import type { RepeatPlan } from "./repeat-until.ts";

/** How often a cell is measured, and with what. */
export type Strategy =
  | { kind: "once" }
  | { kind: "repeat"; times: number }
  | { kind: "until-ci"; plan: RepeatPlan; metric: MetricName }
  | {
      kind: "find";
      find: Search["find"];
      plan: SearchPlan;
      objectives: readonly Objective[];
      loadAt(level: number): Pick<ServingLoad, "load" | "bound" | "warmupRequests">;
    };

/** A cell to measure: what the document records, and the same as a load generator takes it. */
export interface ServingCell {
  plan: CellPlan;
  load: ServingLoad;
  strategy: Strategy;
  /** Seconds that it may take as a whole. */
  limitSeconds: number;
  /** Limits of a single request, for the goodput. */
  slos: readonly Slo[];
}
