import { ENOUGH } from "./evidence.ts";
import type { Level } from "./level.ts";

/** A number takes part once it is so old that a change in it would have been seen: a step looks like persistence. */
const LATE = 10;
const FORGETTING = 0.98;
/** What is assumed before anything is known, and how many numbers that is worth. */
const ASSUMED = 0.1;
const ASSUMED_COUNT = 10;
const MOST = 0.9;
/** Deviations beyond which a number counts no more. */
const DRAWN_IN = 2.5;

/** How much neighbours of a series are alike, over all of its levels. */
export class Persistence {
  #products = 0;
  #squares = 0;
  #previous: number | undefined;

  /** @param rough about what the level is like; undefined where it is not known yet */
  hear(numbers: readonly number[], rough: Level | undefined): void {
    const at = numbers.length - 1 - LATE;
    if (at < ENOUGH || rough === undefined) {
      this.#previous = undefined;
      return;
    }
    const { center, deviation } = rough;
    const limit = DRAWN_IN * deviation;
    const residual = Math.min(limit, Math.max(-limit, numbers[at]! - center));
    if (this.#previous !== undefined) {
      this.#products = FORGETTING * this.#products + residual * this.#previous;
      this.#squares = FORGETTING * this.#squares + residual ** 2;
    }
    this.#previous = residual;
  }

  /** With what the level's own numbers say. */
  at({ lag1, count, deviation }: Level): number {
    const variance = deviation ** 2;
    const products = this.#products + (count * lag1 + ASSUMED_COUNT * ASSUMED) * variance;
    const squares = this.#squares + (count + ASSUMED_COUNT) * variance;
    return Math.min(MOST, Math.max(0, products / squares));
  }
}
