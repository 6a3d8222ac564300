import type { Failure } from "../../result/document/reason.ts";
import type { EngineMonitor } from "./monitor.ts";

/** Seconds that a cell may take as a whole, where nothing else is said. */
export const CELL_SECONDS = 1800;

export const limitFailure = (seconds: number): Failure => ({
  reason: "client_timeout",
  detail: `the cell was not through after ${seconds} s, its limit as a whole; if it needs longer, give --benchmark-timeout`,
});

/** The same monitor for a single cell, which is over when its time is. */
export function withLimit(monitor: EngineMonitor, seconds: number): EngineMonitor {
  const over = new AbortController();
  const failure = limitFailure(seconds);
  const timer = setTimeout(() => over.abort(new Error(failure.detail)), seconds * 1000);
  const ownCause = () => (over.signal.aborted ? failure : undefined);
  return {
    signal: AbortSignal.any([monitor.signal, over.signal]),
    cause: () => monitor.cause() ?? ownCause(),
    // An engine that has died is the better answer.
    diagnose: async () => (await monitor.diagnose()) ?? ownCause(),
    close: () => clearTimeout(timer),
  };
}
