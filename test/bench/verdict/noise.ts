import { normalNumber, type Random } from "../../../src/workload/random.ts";

/** Relative distance of the next number from its level; made anew for each series. */
export type Noise = (random: Random) => () => number;

export const normal =
  (deviation: number): Noise =>
  (random) =>
  () =>
    deviation * normalNumber(random);

/** Exponential: some numbers are much higher, none is much lower. */
export const skewed =
  (deviation: number): Noise =>
  (random) =>
  () =>
    deviation * (-Math.log(1 - random()) - 1);

/** Student's t with 3 degrees of freedom: now and then a number lies far out. */
export const heavy =
  (deviation: number): Noise =>
  (random) =>
  () => {
    const squares = [0, 1, 2].reduce((sum) => sum + normalNumber(random) ** 2, 0);
    return (deviation * normalNumber(random)) / Math.sqrt(squares);
  };

/** Each number begins where the last one was: AR(1). */
export const persistent =
  (deviation: number, correlation: number): Noise =>
  (random) => {
    let at = deviation * normalNumber(random);
    return () => {
      at = correlation * at + deviation * Math.sqrt(1 - correlation ** 2) * normalNumber(random);
      return at;
    };
  };

/** Two levels between which a series goes to and fro. */
export const sticky =
  (gap: number, change: number, deviation: number): Noise =>
  (random) => {
    let isHigh = false;
    return () => {
      if (random() < change) isHigh = !isHigh;
      return (isHigh ? gap : 0) + deviation * normalNumber(random);
    };
  };

/** Each number is at one of two levels. */
export const mixed =
  (gap: number, share: number, deviation: number): Noise =>
  (random) =>
  () =>
    (random() < share ? gap : 0) + deviation * normalNumber(random);
