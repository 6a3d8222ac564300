import { UsageError } from "../../errors.ts";
import { MOST } from "../../foreign-text/limits.ts";
import { expectedRequests } from "../../workload/arrivals/ramp.ts";
import type { LoadPlan } from "../../workload/load-plan.ts";

/** Prompts lie in memory before the clock starts, and the arrival of each token is kept: a gigabyte or two at these. */
const MOST_REQUESTS = 1_000_000;
const MOST_TOKENS = 100_000_000;

interface CellSize {
  id: string;
  requests: number;
  /** Input and output of a request; 1 where only the engine knows. */
  tokens?: number | undefined;
}

/** @throws UsageError for a cell that would fill the memory */
export function checkCellSize({ id, requests, tokens = 1 }: CellSize): void {
  if (requests <= MOST_REQUESTS && requests * tokens <= MOST_TOKENS) return;
  const number = (value: number) => value.toLocaleString("en-US");
  const each = tokens === 1 ? "" : ` of ${number(tokens)} tokens`;
  throw new UsageError(
    `${id} comes to ${number(requests)} requests${each}; a cell has at most ${number(MOST_REQUESTS)} requests and ` +
      `${number(MOST_TOKENS)} tokens in all, for they are held in memory: ask for fewer or shorter ones`,
  );
}

/** @param axes of a grid, whose combinations are its cells. @throws UsageError for more than anybody can measure */
export function checkGrid(axes: readonly (readonly unknown[])[]): void {
  const cells = axes.reduce((product, axis) => product * axis.length, 1);
  if (cells <= MOST.cells) return;
  throw new UsageError(`that is a grid of ${cells} cells, more than ${MOST.cells}: give fewer sizes or lengths`);
}

/** Requests that a load comes to; of a closed loop that ends by time, those that are open at once. */
export function requestsOf({ load, bound }: Pick<LoadPlan, "load" | "bound">): number {
  if (bound.kind === "requests") return bound.count;
  if (load.kind === "closed-loop") return load.concurrency;
  const { arrivals } = load;
  switch (arrivals.kind) {
    case "rate":
      return arrivals.requestRate * bound.seconds;
    case "ramp":
      return expectedRequests(arrivals, bound.seconds);
    case "bursts":
      return arrivals.size * Math.ceil(bound.seconds / arrivals.everySeconds);
    case "trace":
      return arrivals.timesMs.length;
    default:
      return arrivals satisfies never;
  }
}
