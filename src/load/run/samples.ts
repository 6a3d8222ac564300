import type { RequestSamples } from "../../result/document/cell.ts";
import type { Landing } from "../thread/flight-order.ts";

interface Row {
  landing: Landing;
  place: number;
  /** Where its token events begin among the landing's. */
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

/** All threads' landings as one table in schedule order; requests that nobody sent any more are there as cancelled. */
export function samplesOf(landings: readonly Landing[], { startAt, endAt, times, asked }: Schedule): RequestSamples {
  const rows = rowsOf(landings);
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
      ({ landing, place }) => since(landing.scheduledAt[place]!),
      (index) => microseconds(times?.[index] ?? endAt - startAt),
    ),
    sentMs: column<number | null>(({ landing, place }) => since(landing.sentAt[place]!), never),
    firstTokenMs: column<number | null>((row) => sinceOrNull(arrivalsOf(row).at(0)), never),
    lastTokenMs: column<number | null>((row) => sinceOrNull(arrivalsOf(row).at(-1)), never),
    endMs: column<number | null>(({ landing, place }) => sinceOrNull(landing.endedAt[place]), never),
    gapsMs: column(gapsOf, () => []),
    ...chunkTokensOf(landings, rows, count),
    askedInputTokens: column(
      ({ landing, place }) => orNull(landing.askedInputTokens[place]!),
      (index) => orNull(asked?.inputTokens[index] ?? -1),
    ),
    askedOutputTokens: column(
      ({ landing, place }) => landing.askedOutputTokens[place]!,
      (index) => asked?.outputTokens[index] ?? 0,
    ),
    inputTokens: column(
      ({ landing, place }) => landing.inputTokens[place]!,
      () => 0,
    ),
    outputTokens: column(
      ({ landing, place }) => landing.outputTokens[place]!,
      () => 0,
    ),
    finishReasons: column<string | null>(({ landing, place }) => landing.finishReasons[place]!, never),
    errors: column<string | null>(
      ({ landing, place }) => landing.errors[place]!,
      () => "cancelled: not sent",
    ),
  };
}

function rowsOf(landings: readonly Landing[]): Map<number, Row> {
  const rows = new Map<number, Row>();
  for (const landing of landings) {
    let arrivalsFrom = 0;
    for (const [place, index] of landing.index.entries()) {
      rows.set(index, { landing, place, arrivalsFrom });
      arrivalsFrom += landing.arrivalCounts[place]!;
    }
  }
  return rows;
}

const endOf = ({ landing, place, arrivalsFrom }: Row) => arrivalsFrom + landing.arrivalCounts[place]!;
const arrivalsOf = (row: Row) => row.landing.arrivals.subarray(row.arrivalsFrom, endOf(row));

function gapsOf(row: Row): number[] {
  const arrivals = arrivalsOf(row);
  return Array.from({ length: Math.max(0, arrivals.length - 1) }, (_, i) =>
    microseconds(arrivals[i + 1]! - arrivals[i]!),
  );
}

/** Told for all requests that ended well, or for none: of some the engine may have counted in the last event only. */
function chunkTokensOf(landings: readonly Landing[], rows: ReadonlyMap<number, Row>, count: number) {
  if (landings.every(({ chunkTokens }) => chunkTokens === null)) return {};
  const isTold = (row: Row) => sum(tokensOf(row)) === row.landing.outputTokens[row.place];
  if (![...rows.values()].every((row) => row.landing.errors[row.place] !== null || isTold(row))) return {};
  return {
    chunkTokens: Array.from({ length: count }, (_, index) => (rows.has(index) ? tokensOf(rows.get(index)!) : [])),
  };
}

function tokensOf(row: Row): number[] {
  const { chunkTokens, arrivalCounts } = row.landing;
  if (chunkTokens === null) return Array(arrivalCounts[row.place]!).fill(1);
  return [...chunkTokens.subarray(row.arrivalsFrom, endOf(row))];
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const orNull = (tokens: number) => (tokens === -1 ? null : tokens);

/** Finer digits are noise, and a cell holds up to a million of these. */
const microseconds = (ms: number) => Math.round(ms * 1000) / 1000;
