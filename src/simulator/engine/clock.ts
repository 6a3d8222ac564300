import { Alarm } from "../../time/alarm.ts";
import { monotonicMs } from "../../time/monotonic.ts";

/** Milliseconds on a scale that never jumps. */
export interface Clock {
  now(): number;
  /** Calls back once, at `time` or as soon after it as can be, never before and never inside this call. */
  at(time: number, callback: () => void): void;
}

/** Exact to about 0.1 ms, idle while it waits, and never in the way of what arrives meanwhile. */
export class WallClock implements Clock {
  readonly #alarm = new Alarm(() => this.#ring());
  #pending: { time: number; callback: () => void }[] = [];

  now(): number {
    return monotonicMs();
  }

  at(time: number, callback: () => void): void {
    if (time <= monotonicMs()) {
      setImmediate(callback);
      return;
    }
    const later = this.#pending.findIndex((other) => other.time > time);
    this.#pending.splice(later === -1 ? this.#pending.length : later, 0, { time, callback });
    if (later === 0 || this.#pending.length === 1) this.#alarm.set(time);
  }

  #ring(): void {
    while (this.#pending.length > 0 && this.#pending[0]!.time <= monotonicMs()) this.#pending.shift()!.callback();
    if (this.#pending.length > 0) this.#alarm.set(this.#pending[0]!.time);
  }
}
