import type { ClientHealth } from "../../result/document/cell.ts";
import { percentile } from "../../result/metrics/distribution.ts";
import type { ThreadResult } from "../thread/thread-order.ts";

interface Expectation {
  cpuSeconds: number;
  /** Ms from the first to the last due moment; null where nothing was due at a moment. */
  askedSpanMs: number | null;
}

/** How the threads fared, as one: the busiest counts, since it is the one that distorts. */
export function healthOf(
  threadResults: readonly ThreadResult[],
  { cpuSeconds, askedSpanMs }: Expectation,
): ClientHealth {
  const most = (of: (threadResult: ThreadResult) => number) => Math.max(...threadResults.map(of));
  const sum = (of: (threadResult: ThreadResult) => number) =>
    threadResults.reduce((total, threadResult) => total + of(threadResult), 0);
  const delays = Float64Array.from(threadResults.flatMap(({ health }) => [...health.sendDelaysMs])).sort();
  const reads = sum((threadResult) => threadResult.reads);
  const resentRequests = sum(({ resent }) => resent);
  return {
    threads: threadResults.length,
    cpuSeconds,
    eventLoopUtilization: most(({ health }) => health.utilization),
    eventLoopDelayP99Ms: most(({ health }) => health.loopDelayP99Ms),
    sendDelayP99Ms: delays.length === 0 ? 0 : percentile(delays, 99),
    gcMs: sum(({ health }) => health.gcMs),
    ...achievedRate(threadResults, askedSpanMs ?? 0),
    ...(reads === 0 ? {} : { eventsPerRead: sum(({ arrivals }) => arrivals.length) / reads }),
    ...(resentRequests === 0 ? {} : { resentRequests }),
  };
}

/** Over a shorter time one late request would look like a low rate; lateness has a figure of its own. */
const SHORTEST_SPAN_MS = 5000;

/** Rate sent ÷ rate asked for, of the same number of requests: the inverse of how long sending them took. */
function achievedRate(threadResults: readonly ThreadResult[], askedSpanMs: number): { achievedRateRatio?: number } {
  if (askedSpanMs < SHORTEST_SPAN_MS) return {};
  const sent = threadResults.flatMap(({ sentAt }) => [...sentAt]);
  const first = sent.reduce((least, time) => Math.min(least, time), Number.POSITIVE_INFINITY);
  const last = sent.reduce((greatest, time) => Math.max(greatest, time), Number.NEGATIVE_INFINITY);
  return last > first ? { achievedRateRatio: askedSpanMs / (last - first) } : {};
}
