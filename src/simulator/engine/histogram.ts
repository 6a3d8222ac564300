/** Counts a bucket, as Prometheus keeps them: each holds the values at or below its upper bound. */
export class Histogram {
  readonly bounds: readonly number[];
  /** Not cumulative; the last one holds what is above every bound. */
  readonly #counts: number[];
  sum = 0;

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.#counts = Array(bounds.length + 1).fill(0);
  }

  observe(value: number): void {
    let bucket = 0;
    while (bucket < this.bounds.length && value > this.bounds[bucket]!) bucket += 1;
    this.#counts[bucket]! += 1;
    this.sum += value;
  }

  /** Values at or below each bound, then all of them. */
  cumulative(): number[] {
    let total = 0;
    return this.#counts.map((count) => {
      total += count;
      return total;
    });
  }
}
