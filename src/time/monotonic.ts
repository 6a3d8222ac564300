const PAIRS = 20;

function hrtimeMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
}

/** By the tightest of several pairs: the first reading loads its clock, which takes milliseconds, and any may be interrupted. */
function measuredOffset(): number {
  let narrowest = Number.POSITIVE_INFINITY;
  let offset = 0;
  for (let pair = 0; pair < PAIRS; pair += 1) {
    const before = hrtimeMs();
    const now = performance.now();
    const after = hrtimeMs();
    if (after - before >= narrowest) continue;
    narrowest = after - before;
    offset = (before + after) / 2 - now;
  }
  return offset;
}

// Measured once: hrtime is exact but costs two numbers, and performance.now() starts at another moment in every thread.
const OFFSET_MS = measuredOffset();

/**
 * CLOCK_MONOTONIC in ms, as `process.hrtime` and Python's `perf_counter` read it on Linux: comparable between threads and
 * between processes of one machine.
 */
export const monotonicMs = (): number => performance.now() + OFFSET_MS;

/** Turns a time of this thread's performance.now() into ms on CLOCK_MONOTONIC. */
export const toMonotonic = (time: number): number => time + OFFSET_MS;
/** The way back. */
export const fromMonotonic = (time: number): number => time - OFFSET_MS;
