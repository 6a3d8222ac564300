import type { LiveCounts } from "./load-threads.ts";
import type { Strategy } from "./serving-cell.ts";
import type { ServingLoad } from "./serving-client.ts";

const ROLLING_MS = 5000;

type Reading = LiveCounts & { at: number };

/** How one measurement goes, from what its threads count: all that a person wants to see while waiting. */
export class AttemptProgress {
  readonly #load: ServingLoad;
  readonly #startAt: number;
  #readings: Reading[] = [];

  /** @param now on any clock in ms */
  constructor(load: ServingLoad, now: number) {
    this.#load = load;
    this.#startAt = now;
  }

  /** @returns the share that is done, from 0 to 1, and a line of words */
  read(live: LiveCounts, now: number): { share: number; note: string } {
    this.#readings.push({ ...live, at: now });
    this.#readings = this.#readings.filter(({ at }) => at >= now - ROLLING_MS);
    const { bound } = this.#load;
    const elapsed = (now - this.#startAt) / 1000;
    const share = bound.kind === "requests" ? live.settled / bound.count : Math.min(1, elapsed / bound.seconds);
    const left = share > 0 && elapsed > 1 ? (elapsed / share) * (1 - share) : undefined;
    const requests = bound.kind === "requests" ? `${live.settled}/${bound.count} requests` : `${live.settled} requests`;
    const words = [
      requests,
      `${live.open} in flight`,
      ...(live.failed > 0 ? [`${live.failed} failed`] : []),
      ...this.#rolling(live, now),
      ...(left === undefined ? [] : [`${Math.round(left)} s left`]),
    ];
    return { share, note: words.join(", ") };
  }

  /** Over the last seconds, so that a change shows. */
  #rolling(live: LiveCounts, now: number): string[] {
    const first = this.#readings[0]!;
    const since = (name: keyof LiveCounts) => live[name] - first[name];
    const seconds = (now - first.at) / 1000;
    if (seconds <= 0) return [];
    return [
      `${(since("settled") / seconds).toFixed(1)} req/s`,
      ...(since("ttftCount") > 0 ? [`TTFT ${(since("ttftSum") / since("ttftCount")).toFixed(1)} ms`] : []),
      ...(since("itlCount") > 0 ? [`ITL ${(since("itlSum") / since("itlCount")).toFixed(1)} ms`] : []),
    ];
  }
}

/** Measurements that a cell is likely to take; for the share that is done, which may hesitate but never goes back. */
export function expectedAttempts(strategy: Strategy): number {
  switch (strategy.kind) {
    case "once":
      return 1;
    case "repeat":
      return strategy.times;
    case "until-ci":
      return strategy.plan.least;
    case "find":
      // Some doublings and as many halvings to a few per cent.
      return 8;
    default:
      return strategy satisfies never;
  }
}
