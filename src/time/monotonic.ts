// Measured once: hrtime is exact but costs two numbers, and performance.now() starts at another moment in every thread.
const [SECONDS, NANOSECONDS] = process.hrtime();
const OFFSET_MS = SECONDS * 1e3 + NANOSECONDS / 1e6 - performance.now();

/**
 * CLOCK_MONOTONIC in ms, as `process.hrtime` and Python's `perf_counter` read it on Linux: comparable between threads and
 * between processes of one machine.
 */
export const monotonicMs = (): number => performance.now() + OFFSET_MS;

/** Turns a time of this thread's performance.now() into ms on CLOCK_MONOTONIC. */
export const toMonotonic = (time: number): number => time + OFFSET_MS;
/** The way back. */
export const fromMonotonic = (time: number): number => time - OFFSET_MS;
