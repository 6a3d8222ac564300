import type { ClientHealth } from "../document/cell.ts";
import { sum } from "../metrics/distribution.ts";

/** The health of several measurements as one: times summed, the worst of everything that can distort. */
export function mergeHealth(all: readonly ClientHealth[]): ClientHealth {
  const known = (of: (health: ClientHealth) => number | undefined) => all.flatMap((health) => of(health) ?? []);
  const worst = (of: (health: ClientHealth) => number) => Math.max(...all.map(of));
  const optional = {
    threads: known(({ threads }) => threads).reduce((most, count) => Math.max(most, count), 0),
    gcMs: sum(known(({ gcMs }) => gcMs)),
    achievedRateRatio: Math.min(...known(({ achievedRateRatio }) => achievedRateRatio)),
    eventsPerRead: Math.max(...known(({ eventsPerRead }) => eventsPerRead)),
    resentRequests: sum(known(({ resentRequests }) => resentRequests)),
  };
  const present = Object.entries(optional).filter(
    ([name]) => known((health) => health[name as keyof typeof optional]).length > 0,
  );
  const limitedBy = [...new Set(all.flatMap((health) => health.limitedBy ?? []))];
  return {
    ...Object.fromEntries(present),
    cpuSeconds: sum(all.map(({ cpuSeconds }) => cpuSeconds)),
    eventLoopUtilization: worst(({ eventLoopUtilization }) => eventLoopUtilization),
    eventLoopDelayP99Ms: worst(({ eventLoopDelayP99Ms }) => eventLoopDelayP99Ms),
    sendDelayP99Ms: worst(({ sendDelayP99Ms }) => sendDelayP99Ms),
    ...(limitedBy.length > 0 ? { limitedBy } : {}),
  };
}
