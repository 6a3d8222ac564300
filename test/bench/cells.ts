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
    // Long enough for the cost of a token to show beside that of compiling the code that takes it.
    requests: streams === 1 ? 16 : Math.max(3 * streams, 384),
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

/** The level that the figures to reach are about. */
const TYPICAL_STREAMS = 64;

/**
 * Staggered at each level, lock-step at 64, and an open loop; a single stream has no step to keep.
 * @param full lock-step at every level, and 64 staggered streams once without pinning
 */
export function benchCells(levels: readonly number[], full: boolean): BenchCell[] {
  const closed = levels.flatMap((streams) => {
    if (streams === 1) return [closedCell(1, false)];
    const lockStep = full || streams === TYPICAL_STREAMS ? [closedCell(streams, false)] : [];
    return [...lockStep, closedCell(streams, true)];
  });
  const unpinned = full ? [closedCell(TYPICAL_STREAMS, true, false)] : [];
  return [...closed, ...unpinned, POISSON_CELL];
}
