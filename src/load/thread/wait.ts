import { Alarm } from "../../time/alarm.ts";
import { monotonicMs, toMonotonic } from "../../time/monotonic.ts";

/**
 * One wait at a time for a moment; the loop reads answers meanwhile. Prepared, it is exact to about 0.1 ms on an idle
 * machine; otherwise it comes up to 2 ms late, which is enough for the start of a closed loop.
 */
export class Wait {
  #moment: number | undefined;
  #callback: () => void = () => {};
  #turn: NodeJS.Immediate | undefined;
  #timer: NodeJS.Timeout | undefined;
  #alarm: Alarm | undefined;

  /** Starts the alarm's thread, which would otherwise make the first wait a late one. */
  async prepare(): Promise<void> {
    if (this.#alarm !== undefined) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#alarm = new Alarm(() => {
      resolve();
      this.#ring();
    });
    this.#alarm.set(monotonicMs());
    await promise;
  }

  /** Calls back in a later turn, at `moment` on the clock of performance.now() or as soon after it as can be. */
  until(moment: number, callback: () => void): void {
    this.#callback = callback;
    if (moment === this.#moment) return;
    this.cancel();
    this.#moment = moment;
    this.#approach();
  }

  cancel(): void {
    clearImmediate(this.#turn);
    clearTimeout(this.#timer);
    this.#moment = undefined;
  }

  #approach(): void {
    const moment = this.#moment!;
    const rest = moment - performance.now();
    if (rest <= 0) this.#turn = setImmediate(() => this.#ring());
    else if (this.#alarm === undefined) this.#timer = setTimeout(() => this.#ring(), rest);
    else this.#alarm.set(toMonotonic(moment));
  }

  /** The alarm may ring for a moment that was set before. */
  #ring(): void {
    if (this.#moment === undefined) return;
    if (performance.now() < this.#moment) {
      this.#approach();
      return;
    }
    this.#moment = undefined;
    this.#callback();
  }
}
