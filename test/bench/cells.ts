/** One load that every tool has to make, against an engine that answers on a fixed timetable. */
export interface BenchCell {
  id: string;
  load: { kind: "closed"; streams: number } | { kind: "poisson"; ratePerSecond: number };
  ttftMs: number;
  itlMs: number;
  inputTokens: number;
  outputTokens: number;
  /** Sent first, and left out of the errors. */
  warmupRequests: number;
  requests: number;
  /** Each request's timetable is shifted by a part of an ITL of its own, so that tokens do not come in bursts. */
  staggered: boolean;
  /** Engine on core 0, client on core 1. */
  pinned: boolean;
}

const COMMON = { ttftMs: 50, inputTokens: 100, pinned: true };

/** Streams that are open at all times; 64 at 50 tokens/s each, more at 40. */
function closedCell(streams: number, staggered: boolean, pinned = true): BenchCell {
  const phase = staggered ? "staggered" : "lock-step";
  return {
    ...COMMON,
    id: `${streams} ${streams === 1 ? "stream" : "streams"}, ${phase}${pinned ? "" : ", not pinned"}`,
    load: { kind: "closed", streams },
    itlMs: streams > 64 ? 25 : 20,
    // A single stream gives one TTFT at a time: short answers, and more of them.
    outputTokens: streams === 1 ? 10 : 50,
    warmupRequests: streams,
    requests: streams === 1 ? 16 : 3 * streams,
    staggered,
    pinned,
  };
}

const POISSON_CELL: BenchCell = {
  ...COMMON,
  id: "100 requests/s, Poisson",
  load: { kind: "poisson", ratePerSecond: 100 },
  itlMs: 20,
  outputTokens: 10,
  warmupRequests: 0,
  requests: 400,
  staggered: true,
};

/** Lock-step and staggered at each level, one of them again without pinning, and an open loop. */
export function benchCells(levels: readonly number[]): BenchCell[] {
  const closed = levels.flatMap((streams) =>
    streams === 1 ? [closedCell(1, false)] : [closedCell(streams, false), closedCell(streams, true)],
  );
  const unpinned = levels.includes(64) ? [closedCell(64, true, false)] : [];
  return [...closed, ...unpinned, POISSON_CELL];
}
