import type { RequestSamples } from "../../result/document/cell.ts";
import { sum } from "../../result/metrics/distribution.ts";
import type { ThreadResult } from "../thread/thread-order.ts";

interface Row {
  threadResult: ThreadResult;
  place: number;
  /** Where its token events begin among the thread's. */
  arrivalsFrom: number;
}

interface Schedule {
  /** On CLOCK_MONOTONIC, in ms. */
  startAt: number;
  endAt: number;
  /** When each request was due, in ms after the start; null in a closed loop. */
  times: Float64Array | null;
  /** Requests that there should have been, with their lengths; null when time was the bound. */
  asked: { inputTokens: Int32Array; outputTokens: Int32Array } | null;
}

/** The results of all threads as one table in schedule order; requests that nobody sent any more are there as cancelled. */
export function samplesOf(
  threadResults: readonly ThreadResult[],
  { startAt, endAt, times, asked }: Schedule,
): RequestSamples {
  const rows = rowsOf(threadResults);
  // Tickets leave no gap, so without a plan the requests sent are all there are.
  const count = asked?.outputTokens.length ?? rows.size;
  const column = <T>(sent: (row: Row) => T, unsent: (index: number) => T) =>
    Array.from({ length: count }, (_, index) => {
      const row = rows.get(index);
      return row === undefined ? unsent(index) : sent(row);
    });
  const since = (time: number) => microseconds(time - startAt);
  const sinceOrNull = (time: number | undefined) => (time === undefined || Number.isNaN(time) ? null : since(time));
  const never = () => null;
  return {
    durationS: (endAt - startAt) / 1000,
    scheduledMs: column(
      ({ threadResult, place }) => since(threadResult.scheduledAt[place]!),
      (index) => microseconds(times?.[index] ?? endAt - startAt),
    ),
    sentMs: column<number | null>(({ threadResult, place }) => since(threadResult.sentAt[place]!), never),
    firstTokenMs: column<number | null>((row) => sinceOrNull(arrivalsOf(row).at(0)), never),
    lastTokenMs: column<number | null>((row) => sinceOrNull(arrivalsOf(row).at(-1)), never),
    endMs: column<number | null>(({ threadResult, place }) => sinceOrNull(threadResult.endedAt[place]), never),
    gapsMs: column(gapsOf, () => []),
    ...chunkTokensOf(threadResults, rows, count),
    askedInputTokens: column(
      ({ threadResult, place }) => orNull(threadResult.askedInputTokens[place]!),
      (index) => orNull(asked?.inputTokens[index] ?? -1),
    ),
    askedOutputTokens: column(
      ({ threadResult, place }) => threadResult.askedOutputTokens[place]!,
      (index) => asked?.outputTokens[index] ?? 0,
    ),
    inputTokens: column(
      ({ threadResult, place }) => threadResult.inputTokens[place]!,
      () => 0,
    ),
    outputTokens: column(
      ({ threadResult, place }) => threadResult.outputTokens[place]!,
      () => 0,
    ),
    finishReasons: column<string | null>(({ threadResult, place }) => threadResult.finishReasons[place]!, never),
    errors: column<string | null>(
      ({ threadResult, place }) => threadResult.errors[place]!,
      () => "cancelled: not sent",
    ),
  };
}

function rowsOf(threadResults: readonly ThreadResult[]): Map<number, Row> {
  const rows = new Map<number, Row>();
  for (const threadResult of threadResults) {
    let arrivalsFrom = 0;
    for (const [place, index] of threadResult.index.entries()) {
      rows.set(index, { threadResult, place, arrivalsFrom });
      arrivalsFrom += threadResult.arrivalCounts[place]!;
    }
  }
  return rows;
}

const endOf = ({ threadResult, place, arrivalsFrom }: Row) => arrivalsFrom + threadResult.arrivalCounts[place]!;
const arrivalsOf = (row: Row) => row.threadResult.arrivals.subarray(row.arrivalsFrom, endOf(row));

function gapsOf(row: Row): number[] {
  const arrivals = arrivalsOf(row);
  return Array.from({ length: Math.max(0, arrivals.length - 1) }, (_, i) =>
    microseconds(arrivals[i + 1]! - arrivals[i]!),
  );
}

/** Told for all requests that ended well, or for none: of some the engine may have counted in the last event only. */
function chunkTokensOf(threadResults: readonly ThreadResult[], rows: ReadonlyMap<number, Row>, count: number) {
  if (threadResults.every(({ chunkTokens }) => chunkTokens === null)) return {};
  const isTold = (row: Row) => sum(tokensOf(row)) === row.threadResult.outputTokens[row.place];
  if (![...rows.values()].every((row) => row.threadResult.errors[row.place] !== null || isTold(row))) return {};
  return {
    chunkTokens: Array.from({ length: count }, (_, index) => (rows.has(index) ? tokensOf(rows.get(index)!) : [])),
  };
}

function tokensOf(row: Row): number[] {
  const { chunkTokens, arrivalCounts } = row.threadResult;
  if (chunkTokens === null) return Array(arrivalCounts[row.place]!).fill(1);
  return [...chunkTokens.subarray(row.arrivalsFrom, endOf(row))];
}

const orNull = (tokens: number) => (tokens === -1 ? null : tokens);

/** Finer digits are noise, and a cell holds up to a million of these. */
const microseconds = (ms: number) => Math.round(ms * 1000) / 1000;
