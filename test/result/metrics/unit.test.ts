import { expect, test } from "vitest";
import { counted } from "../../../src/result/counted.ts";
import { formatInUnit } from "../../../src/result/metrics/unit.ts";

test.each([
  [1.36349, "s", "1.3635"],
  [9.99994, "s", "9.9999"],
  [10, "s", "10.00"],
  [-9.5, "s", "-9.5000"],
  [-41.357, "s", "-41.36"],
  [36.9249, "ms", "36.92"],
  [4909.6, "tok/s", "4,909.60"],
  [2250, "requests", "2,250"],
  [72, "samples", "72"],
  [0.97222, "of 1", "0.9722"],
])("%d %s reads %s", (value, unit, text) => expect(formatInUnit(value, unit)).toBe(text));

test("one thing is one, and any other number of them several", () =>
  expect([0, 1, 2].map((count) => counted(count, "run"))).toEqual(["0 runs", "1 run", "2 runs"]));
