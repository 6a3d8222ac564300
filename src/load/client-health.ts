import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import type { ClientHealth } from "../result/cell.ts";
import { percentile } from "../result/distribution.ts";

const RESOLUTION_MS = 10;

/**
 * Watches this process while it measures. The delay's histogram holds whole intervals between ticks of a timer, so its
 * period is taken off.
 * @returns a function that ends the watch; it takes how late each request went out, in ms
 */
export function watchHealth(): (sendDelaysMs: readonly number[]) => ClientHealth {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  const cpuBefore = process.cpuUsage();
  const loopBefore = performance.eventLoopUtilization();
  return (sendDelaysMs) => {
    delays.disable();
    const { user, system } = process.cpuUsage(cpuBefore);
    const ascending = sendDelaysMs.toSorted((a, b) => a - b);
    return {
      cpuSeconds: (user + system) / 1e6,
      eventLoopUtilization: performance.eventLoopUtilization(loopBefore).utilization,
      eventLoopDelayP99Ms: delays.count === 0 ? 0 : Math.max(0, delays.percentile(99) / 1e6 - RESOLUTION_MS),
      sendDelayP99Ms: ascending.length === 0 ? 0 : percentile(ascending, 99),
    };
  };
}
