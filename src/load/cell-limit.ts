import { CELL_SECONDS } from "../engine/watch/time-limit.ts";
import { UsageError } from "../errors.ts";
import type { Arrivals, Bound } from "../workload/arrivals/arrivals.ts";
import { secondOf } from "../workload/arrivals/ramp.ts";
import type { ServingLoad } from "./client/serving-client.ts";
import type { ServingCell, Strategy } from "./strategy/serving-cell.ts";

/** A cell that takes longer than twice what it plans to is none that anybody waits for. */
const PATIENCE = 2;
/** Timers count milliseconds in 31 bits. */
const LONGEST_SECONDS = 2_000_000;

/**
 * Seconds that a cell may take, warm-up and all its tries included: those asked for, else {@link CELL_SECONDS}, or twice
 * what its own plan takes at most, if that is more.
 * @throws UsageError when it is asked to end before its own plan does
 */
export function cellLimit(
  { plan, load, strategy }: Pick<ServingCell, "plan" | "load" | "strategy">,
  asked: number | undefined,
): number {
  const sending = sendingSeconds(load);
  const { least, most } = triesOf(strategy);
  if (asked === undefined) return Math.min(Math.max(CELL_SECONDS, PATIENCE * most * sending), LONGEST_SECONDS);
  if (asked > least * sending) return asked;
  throw new UsageError(
    `--benchmark-timeout ${asked} ends ${plan.id} before it is through: it sends requests for ${Math.ceil(least * sending)} s ` +
      "by its own plan; give it longer, or ask for less",
  );
}

/** How long a load goes on, if the engine answers at once; 0 where only the engine's speed decides. */
function sendingSeconds({ load, bound }: Pick<ServingLoad, "load" | "bound">): number {
  if (bound.kind === "seconds") return bound.seconds;
  return load.kind === "closed-loop" ? 0 : lastSecond(load.arrivals, bound);
}

function lastSecond(arrivals: Arrivals, { count }: Extract<Bound, { kind: "requests" }>): number {
  switch (arrivals.kind) {
    case "rate":
      return count / arrivals.requestRate;
    case "ramp":
      return secondOf(arrivals, count);
    case "bursts":
      return Math.floor((count - 1) / arrivals.size) * arrivals.everySeconds;
    case "trace":
      return (arrivals.timesMs[Math.min(count, arrivals.timesMs.length) - 1] ?? 0) / 1000;
    default:
      return arrivals satisfies never;
  }
}

function triesOf(strategy: Strategy): { least: number; most: number } {
  switch (strategy.kind) {
    case "once":
      return { least: 1, most: 1 };
    case "repeat":
      return { least: strategy.times, most: strategy.times };
    case "until-ci":
      return strategy.plan;
    case "find":
      return { least: 1, most: strategy.plan.mostProbes };
    default:
      return strategy satisfies never;
  }
}
