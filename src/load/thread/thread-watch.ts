import { type Histogram, monitorEventLoopDelay, PerformanceObserver, performance } from "node:perf_hooks";
import type { ThreadHealth } from "./thread-order.ts";
import type { ThreadRun } from "./thread-run.ts";

const RESOLUTION_MS = 10;

/** Watches the thread it is called in while it measures. @returns a function that ends the watch */
export function watchThread(): (threadRun: ThreadRun) => ThreadHealth {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  let gcMs = 0;
  const collections = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) gcMs += duration;
  });
  collections.observe({ entryTypes: ["gc"] });
  const loopBefore = performance.eventLoopUtilization();
  return ({ sendDelays }) => {
    delays.disable();
    for (const { duration } of collections.takeRecords()) gcMs += duration;
    collections.disconnect();
    return {
      utilization: performance.eventLoopUtilization(loopBefore).utilization,
      loopDelayP99Ms: delayP99Ms(delays),
      gcMs,
      sendDelaysMs: Float64Array.from(sendDelays),
    };
  };
}

/**
 * Ms by which the loop was late at p99.
 * @param intervals in ns, whole ones between ticks of a timer: its period is taken off
 */
export function delayP99Ms(intervals: Histogram): number {
  return intervals.count === 0 ? 0 : Math.max(0, intervals.percentile(99) / 1e6 - RESOLUTION_MS);
}
