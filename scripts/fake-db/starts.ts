import type { Cell } from "../../src/result/document/cell.ts";
import type { StartPhases } from "../../src/result/metrics/start-phases.ts";
import { startSeconds } from "../../src/simulator/start-seconds.ts";

/** What a fake engine is started with. */
export const START_DELAY = 40;
/** How long a process takes that only has to be made. */
const PROCESS_SECONDS = 0.3;

type Start = Extract<
  NonNullable<Extract<Cell, { status: "measured" }>["measurement"]>,
  { kind: "starts" }
>["starts"][number];

const rounded = (seconds: number, digits: number) => Number(seconds.toFixed(digits));

/** A start of the simulated engine, as its log would tell of it; everything takes `factor` times as long as planned. */
export function fakeStart(cache: "cold" | "warm", factor: number): Start & { phases: StartPhases } {
  const { weights, model, compile, profile, graphs, init, rest } = startSeconds(START_DELAY * factor, cache === "warm");
  return {
    readySeconds: rounded(PROCESS_SECONDS + model + init + rest, 3),
    phases: {
      weightsSeconds: rounded(weights, 2),
      modelSeconds: rounded(model, 6),
      compileSeconds: rounded(compile, 2),
      profileSeconds: rounded(profile, 2),
      graphCaptureSeconds: rounded(graphs, 2),
      initSeconds: rounded(init, 2),
    },
  };
}
