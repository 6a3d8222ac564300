import * as fc from "fast-check";
import { expect, test } from "vitest";
import { storedDigits } from "../../src/result/stored-digits.ts";

test("a stored number is within half of its sixth digit of what was measured, and whole numbers are as they were", () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 1e12, noNaN: true }), fc.maxSafeInteger(), (measured, whole) => {
      const stored = storedDigits({ measured: [measured], whole, text: "1.23456789", none: null });
      expect(Math.abs(stored.measured[0]! / measured - 1)).toBeLessThanOrEqual(5e-6);
      expect(stored).toEqual({ ...stored, whole, text: "1.23456789", none: null });
      expect(storedDigits(stored)).toEqual(stored);
    }),
  );
});
