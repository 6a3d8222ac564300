import { monitorEventLoopDelay, PerformanceObserver, performance } from "node:perf_hooks";
import type { Flight } from "./flight.ts";
import type { ThreadHealth } from "./flight-order.ts";

const RESOLUTION_MS = 10;

/**
 * Watches the thread it is called in while it measures. The delay's histogram holds whole intervals between ticks of a
 * timer, so its period is taken off.
 * @returns a function that ends the watch
 */
export function watchThread(): (flight: Flight) => ThreadHealth {
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
      loopDelayP99Ms: delays.count === 0 ? 0 : Math.max(0, delays.percentile(99) / 1e6 - RESOLUTION_MS),
      gcMs,
      sendDelaysMs: Float64Array.from(sendDelays),
    };
  };
}
