// Measured once: hrtime is exact but costs a bigint, and performance.now() starts at another moment in every thread.
const offset = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** Turns a time of this thread's performance.now() into ms on CLOCK_MONOTONIC, which all threads and processes share. */
export const toMonotonic = (time: number): number => time + offset;
/** The way back. */
export const fromMonotonic = (time: number): number => time - offset;
