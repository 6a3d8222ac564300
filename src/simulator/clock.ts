/** Milliseconds on a scale that never jumps. */
export interface Clock {
  now(): number;
  /** Calls back once, at `time` or as soon after it as can be, never before and never inside this call. */
  at(time: number, callback: () => void): void;
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Timers fire up to this much late: they count whole milliseconds of the event loop's clock. */
const TIMER_LATENESS_MS = 1.5;

/**
 * A timer for the long part of the wait, a futex sleep for its last stretch: exact to about 0.1 ms where a timer alone
 * is not, and idle where a spinning loop would take a core from the client beside it. Blocking for that long loses
 * nothing: whatever arrives in mid-step waits for the step's end anyway.
 */
export const wallClock: Clock = {
  now: () => performance.now(),
  at(time, callback) {
    const remaining = time - performance.now();
    if (remaining > TIMER_LATENESS_MS + 1) {
      setTimeout(() => wallClock.at(time, callback), remaining - TIMER_LATENESS_MS);
      return;
    }
    setImmediate(() => {
      const rest = time - performance.now();
      if (rest > 0) Atomics.wait(sleeper, 0, 0, rest);
      callback();
    });
  },
};
