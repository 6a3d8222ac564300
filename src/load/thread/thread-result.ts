import { toMonotonic } from "../../time/monotonic.ts";
import type { ThreadHealth, ThreadResult } from "./thread-order.ts";
import type { ThreadRun } from "./thread-run.ts";

/** The requests that a thread sent as columns, which change threads without a copy. */
export function threadResultOf({ sentRequests }: ThreadRun, finishedAt: number, health: ThreadHealth): ThreadResult {
  const exchanges = sentRequests.map(({ exchange }) => exchange);
  const logs = exchanges.map(({ completion }) => completion.log);
  const arrivals = new Float64Array(logs.reduce((sum, { count }) => sum + count, 0));
  const chunkTokens = logs.some(({ tokens }) => tokens !== undefined) ? new Uint32Array(arrivals.length).fill(1) : null;
  let at = 0;
  for (const { times, tokens, count } of logs) {
    arrivals.set(times.map(toMonotonic), at);
    if (tokens !== undefined) chunkTokens?.set(tokens, at);
    at += count;
  }
  const asked = sentRequests.map(({ request }) => request);
  return {
    finishedAt: toMonotonic(finishedAt),
    index: Int32Array.from(sentRequests, ({ index }) => index),
    scheduledAt: Float64Array.from(sentRequests, ({ scheduledAt }) => toMonotonic(scheduledAt)),
    sentAt: Float64Array.from(exchanges, ({ sentAt }) => toMonotonic(sentAt)),
    endedAt: Float64Array.from(exchanges, ({ endedAt }) => (endedAt === null ? Number.NaN : toMonotonic(endedAt))),
    arrivals,
    arrivalCounts: Uint32Array.from(logs, ({ count }) => count),
    chunkTokens,
    askedInputTokens: Int32Array.from(asked, ({ askedInputTokens }) => askedInputTokens ?? -1),
    askedOutputTokens: Int32Array.from(asked, ({ askedOutputTokens }) => askedOutputTokens),
    inputTokens: Int32Array.from(exchanges, ({ completion }) => completion.inputTokens),
    outputTokens: Int32Array.from(exchanges, ({ completion }) => completion.outputTokens ?? 0),
    finishReasons: exchanges.map(({ completion }) => completion.finishReason),
    errors: exchanges.map(({ error }) => error),
    reads: logs.reduce((sum, { reads }) => sum + reads, 0),
    resent: exchanges.filter(({ wasResent }) => wasResent).length,
    health,
  };
}

/** The memory that a result hands over. */
export function buffersOf({ health, ...threadResult }: ThreadResult): ArrayBuffer[] {
  const columns = [...Object.values(threadResult), health.sendDelaysMs];
  return columns.flatMap((column) => (ArrayBuffer.isView(column) ? [column.buffer as ArrayBuffer] : []));
}
