import type { ServingLoad } from "./client/serving-client.ts";
import type { LiveCounts } from "./run/load-threads.ts";
import type { Strategy } from "./strategy/serving-cell.ts";

const ROLLING_MS = 5000;

type Reading = LiveCounts & { at: number };

/** How one measurement goes, from what its threads count: all that a person wants to see while waiting. */
export class AttemptProgress {
  readonly #load: ServingLoad;
  readonly #startAt: number;
  readonly #isOpen: boolean;
  #readings: Reading[] = [];

  /** @param now on any clock in ms; @param isOpen nobody knows how many more measurements the cell takes */
  constructor(load: ServingLoad, now: number, isOpen = false) {
    this.#load = load;
    this.#startAt = now;
    this.#isOpen = isOpen;
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
      ...(left === undefined || this.#isOpen ? [] : [`${Math.round(left)} s left`]),
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

/** How many measurements a cell takes, and whether it may end before. */
export function attemptsPlanned(strategy: Strategy): { most: number; isOpen: boolean } {
  switch (strategy.kind) {
    case "once":
      return { most: 1, isOpen: false };
    case "repeat":
      return { most: strategy.times, isOpen: false };
    case "until-ci":
      return { most: strategy.plan.most, isOpen: true };
    case "find":
      return { most: strategy.plan.mostProbes, isOpen: true };
    default:
      return strategy satisfies never;
  }
}
