import type { ThreadHealth, ThreadResult } from "../../src/load/thread/thread-order.ts";

interface FlownRequest {
  index: number;
  scheduledAt?: number;
  sentAt: number;
  /** Absent: it had no end. */
  endedAt?: number;
  arrivals?: number[];
  chunkTokens?: number[];
  /** −1: only the engine counts them. */
  askedInputTokens?: number;
  outputTokens?: number;
  error?: string;
}

const IDLE: ThreadHealth = { utilization: 0.1, loopDelayP99Ms: 0, gcMs: 0, sendDelaysMs: new Float64Array() };

/** What a thread left of requests told one by one. Times on one clock, in ms. */
export function threadResult(
  requests: readonly FlownRequest[],
  { reads = 0, resent = 0, health = {} }: { reads?: number; resent?: number; health?: Partial<ThreadHealth> } = {},
): ThreadResult {
  const arrivals = requests.map((request) => request.arrivals ?? []);
  const chunks = requests.map(({ chunkTokens }, i) => chunkTokens ?? arrivals[i]!.map(() => 1));
  const outputTokens = requests.map((request, i) => request.outputTokens ?? arrivals[i]!.length);
  return {
    finishedAt: requests.reduce((last, { endedAt = 0 }) => Math.max(last, endedAt), 0),
    index: Int32Array.from(requests, ({ index }) => index),
    scheduledAt: Float64Array.from(requests, ({ scheduledAt, sentAt }) => scheduledAt ?? sentAt),
    sentAt: Float64Array.from(requests, ({ sentAt }) => sentAt),
    endedAt: Float64Array.from(requests, ({ endedAt = Number.NaN }) => endedAt),
    arrivals: Float64Array.from(arrivals.flat()),
    arrivalCounts: Uint32Array.from(arrivals, ({ length }) => length),
    chunkTokens: requests.some(({ chunkTokens }) => chunkTokens) ? Uint32Array.from(chunks.flat()) : null,
    askedInputTokens: Int32Array.from(requests, ({ askedInputTokens = 5 }) => askedInputTokens),
    askedOutputTokens: Int32Array.from(outputTokens),
    inputTokens: Int32Array.from(requests, () => 5),
    outputTokens: Int32Array.from(outputTokens),
    finishReasons: requests.map(({ error }) => (error === undefined ? "length" : null)),
    errors: requests.map(({ error }) => error ?? null),
    reads,
    resent,
    health: { ...IDLE, ...health },
  };
}
