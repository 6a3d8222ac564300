import type { EngineTelemetry } from "../../result/document/telemetry.ts";
import { meanAndMaxOf } from "../mean-and-max.ts";
import type { Window } from "../window.ts";
import type { EngineReading } from "./reading.ts";

/** @property atMs when the read was begun, on the monotonic clock */
export interface EngineRead {
  atMs: number;
  reading: EngineReading;
}

const COUNTERS = ["preemptions", "prefixCacheQueryTokens", "prefixCacheHitTokens"] as const;
const GAUGES = ["running", "waiting", "kvCacheUsage"] as const;

/**
 * Counters as the difference between the last read before the window (else the first one) and the last of all; gauges
 * from the reads between those two, which stand for the engine at work.
 * @param reads in order of time
 */
export function summarizeEngine(reads: readonly EngineRead[], { fromMs, toMs }: Window): EngineTelemetry | undefined {
  const start = Math.max(
    0,
    reads.findLastIndex(({ atMs }) => atMs <= fromMs),
  );
  const seen = reads.slice(start);
  if (seen.length === 0) return undefined;
  const atWork = seen.slice(1).filter(({ atMs }) => atMs < toMs);
  const gauges = GAUGES.flatMap((name) => {
    const values = meanAndMaxOf(atWork.flatMap(({ reading }) => reading[name] ?? []));
    return values === undefined ? [] : [[name, values]];
  });
  const telemetry = { samples: atWork.length, ...Object.fromEntries(gauges), ...countersOf(seen) };
  return Object.keys(telemetry).length > 1 ? telemetry : undefined;
}

/** None at all when one of them went down: the engine was restarted, and its counters began anew. */
function countersOf(reads: readonly EngineRead[]): Partial<EngineTelemetry> {
  const readings = reads.map(({ reading }) => reading);
  if (COUNTERS.some((name) => readings.slice(1).some((next, index) => next[name]! < readings[index]![name]!)))
    return {};
  const [first, last] = [readings[0]!, readings.at(-1)!];
  return Object.fromEntries(
    COUNTERS.flatMap((name) => {
      const [before, after] = [first[name], last[name]];
      return readings.length < 2 || before === undefined || after === undefined
        ? []
        : [[name, Math.round(after - before)]];
    }),
  );
}
