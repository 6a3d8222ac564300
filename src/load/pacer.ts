import { setTimeout as pause, setImmediate as turn } from "node:timers/promises";

/** Node's timers count whole milliseconds and fire late, so the last bit is waited for turn by turn of the event loop. */
const TIMER_SLACK_MS = 1;
/** While requests are due, the loop still reads answers this often: late stamps would lengthen their latencies. */
const LONGEST_BURST_MS = 4;

/** Waits for moments on the clock of performance.now(), to a fraction of a millisecond on an idle machine. */
export class Pacer {
  readonly #signal: AbortSignal;
  #lastTurn = performance.now();

  /** @param signal its abort ends every wait at once */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  async waitUntil(moment: number): Promise<void> {
    const coarse = moment - performance.now() - TIMER_SLACK_MS;
    if (coarse >= 1) await pause(coarse, undefined, { signal: this.#signal }).catch(onlyAbort);
    while (this.#isEarly(moment) || performance.now() - this.#lastTurn > LONGEST_BURST_MS) {
      await turn();
      this.#lastTurn = performance.now();
    }
  }

  #isEarly(moment: number): boolean {
    return performance.now() < moment && !this.#signal.aborted;
  }
}

/** An abort ends the wait; the caller looks at its signal. */
function onlyAbort(error: Error): void {
  if (error.name !== "AbortError") throw error;
}
