/** Node's timers count whole milliseconds and fire late, so the last bit is waited for turn by turn of the event loop. */
const TIMER_SLACK_MS = 1.2;

/** One alarm, exact to a fraction of a millisecond on an idle machine, that lets the loop read answers meanwhile. */
export class Wait {
  /** Time spent going round the loop for the last bit of a wait, in ms: busy, but no work. */
  spunMs = 0;
  #moment: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;
  readonly #ring: () => void;

  constructor(ring: () => void) {
    this.#ring = ring;
  }

  /** Rings in a later turn, at `moment` on the clock of performance.now() or as soon after it as can be. */
  until(moment: number): void {
    if (moment === this.#moment) return;
    this.cancel();
    this.#moment = moment;
    const coarse = moment - performance.now() - TIMER_SLACK_MS;
    if (coarse >= 1) this.#timer = setTimeout(() => this.#spin(moment, performance.now()), coarse);
    else this.#turn = setImmediate(() => this.#spin(moment, performance.now()));
  }

  cancel(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#turn);
    this.#moment = undefined;
  }

  #spin(moment: number, since: number): void {
    const now = performance.now();
    if (now < moment) {
      this.#turn = setImmediate(() => this.#spin(moment, since));
      return;
    }
    this.spunMs += now - since;
    this.#moment = undefined;
    this.#ring();
  }
}
