import fc from "fast-check";
import { expect, test } from "vitest";
import { divide } from "../../../src/verdict/change-points/divide.ts";

const pairs = (a: readonly number[], b: readonly number[]) =>
  a.reduce((sum, x) => sum + b.reduce((inner, y) => inner + Math.abs(x - y), 0), 0);

/** The definition, pair by pair. */
function distance(first: readonly number[], second: readonly number[]): number {
  const within = (part: readonly number[]) => (part.length > 1 ? pairs(part, part) / 2 / (part.length - 1) : 0);
  const [n, m] = [first.length, second.length];
  return (2 / (n + m)) * (pairs(first, second) - m * within(first) - n * within(second));
}

test("no division of the stretch, wherever the second part ends, has a greater distance", () =>
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 2, maxLength: 14 }),
      fc.nat(3),
      (values, start) => {
        const padded = [...Array<number>(start).fill(1000), ...values];
        const all = values.flatMap((_, cut) =>
          cut === 0
            ? []
            : values.slice(cut).map((_, more) => distance(values.slice(0, cut), values.slice(cut, cut + more + 1))),
        );
        const best = divide(padded, start, padded.length);
        expect(best.distance).toBeCloseTo(Math.max(...all), 8);
        expect(best.index).toBeGreaterThan(start);
      },
    ),
  ));

test("a short level between two that are the same is found at its beginning", () =>
  expect(divide([1, 1, 1, 1, 9, 9, 1, 1, 1, 1], 0, 10).index).toBe(4));
