/** What numbers of one level are like, in their own unit. */
export interface Level {
  /** Mean without the outliers: where numbers are at two levels, a median is at one of them by chance. */
  center: number;
  /** Standard deviation, of the middle nine tenths: outliers do not widen it. */
  deviation: number;
  /** The same as the upper and the lower half say it, where one tail is longer. */
  above: number;
  below: number;
  /** Correlation of a number with the one before it. */
  lag1: number;
  count: number;
}

/** Least deviation that is believed, as a part of the level: a few numbers may be equal by rounding. */
export const LEAST_DEVIATION = 0.002;
/** A tenth of the numbers at each end is drawn in to the next one. */
const DRAWN_IN = 0.1;
/** Standard deviation of a normal distribution ÷ that of its drawn-in one. */
const WIDENING = 1.24;
/** Numbers from which on the halves are told apart. */
const HALVES_FROM = 15;

export function levelOf(numbers: readonly number[]): Level {
  const sorted = inOrder(numbers);
  const count = sorted.length;
  const median = quantile(sorted, 0.5);
  const cut = Math.floor(DRAWN_IN * count);
  const { mean, squares, products } = moments(numbers, sorted[cut]!, sorted[count - 1 - cut]!);
  const spread = Math.sqrt(squares / Math.max(1, count - 1)) * (cut > 0 ? WIDENING : 1);
  const away = inOrder(numbers.map((number) => Math.abs(number - median)));
  const deviation = Math.max(spread, 0.8 * 1.4826 * quantile(away, 0.5), LEAST_DEVIATION * Math.abs(mean));
  return {
    center: mean,
    deviation,
    above: count < HALVES_FROM ? deviation : Math.max(deviation, halfDeviation(sorted, median, 1)),
    below: count < HALVES_FROM ? deviation : Math.max(deviation, halfDeviation(sorted, median, -1)),
    // The mean of so few numbers lies near them, which makes the estimate too small by about 1 ÷ n (M. Kendall, Biometrika 41, 1954).
    lag1: squares > 0 ? products / squares + 1 / count : 0,
    count,
  };
}

/** Numbers sort themselves several times faster there than by a function. */
const inOrder = (numbers: readonly number[]) => Float64Array.from(numbers).sort();

/** Mean, squared distances from it and products of neighbours' distances, of numbers drawn in to low and high. */
function moments(numbers: readonly number[], low: number, high: number) {
  const drawnIn = (at: number) => Math.min(high, Math.max(low, numbers[at]!));
  let sum = 0;
  for (let at = 0; at < numbers.length; at++) sum += drawnIn(at);
  const mean = sum / numbers.length;
  let [squares, products, before] = [0, 0, 0];
  for (let at = 0; at < numbers.length; at++) {
    const distance = drawnIn(at) - mean;
    squares += distance ** 2;
    products += distance * before;
    before = distance;
  }
  return { mean, squares, products };
}

/** From quantiles at 90 and 95 %, as if the half were one of a normal distribution. */
function halfDeviation(sorted: Float64Array, median: number, side: 1 | -1): number {
  const at = (share: number) => side * (quantile(sorted, side === 1 ? share : 1 - share) - median);
  return Math.max(at(0.9) / 1.2816, at(0.95) / 1.6449);
}

function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const low = Math.floor(place);
  return sorted[low]! + (place - low) * ((sorted[low + 1] ?? sorted[low]!) - sorted[low]!);
}

export const middle = (numbers: readonly number[]) => quantile(inOrder(numbers), 0.5);
