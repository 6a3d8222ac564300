import type { Clock } from "../../src/simulator/engine/clock.ts";

/** Time that passes only when somebody waits for it. @param lateness how late every callback comes, in ms */
export class VirtualClock implements Clock {
  #time = 0;
  #pending: { time: number; callback: () => void }[] = [];
  readonly #lateness: () => number;

  constructor(lateness: () => number = () => 0) {
    this.#lateness = lateness;
  }

  now(): number {
    return this.#time;
  }

  at(time: number, callback: () => void): void {
    this.#pending.push({ time: Math.max(time, this.#time) + this.#lateness(), callback });
    this.#pending.sort((a, b) => a.time - b.time);
  }

  /** Until nobody waits any more; ends at the time of the last callback. */
  run(): void {
    for (let next = this.#pending.shift(); next !== undefined; next = this.#pending.shift()) {
      this.#time = next.time;
      next.callback();
    }
  }
}
