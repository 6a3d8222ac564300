import { expect, test } from "vitest";
import { seededRandom, seedFor } from "../../src/workload/random.ts";

test("seeds of names fit numpy's seed and differ between cells", () => {
  const seeds = ["0:a_rate_1", "0:a_rate_2", "1:a_rate_1"].map(seedFor);
  expect(new Set(seeds).size).toBe(3);
  for (const seed of seeds) expect(seed).toBeGreaterThanOrEqual(0);
  for (const seed of seeds) expect(seed).toBeLessThan(2 ** 31);
});

test("seed, stream and part each give other numbers, and the same ones the same", () => {
  const first = (...of: Parameters<typeof seededRandom>) => seededRandom(...of)();
  const all = [first(1, 2, 3), first(2, 1, 3), first(1, 3, 2), first(3, 2, 1), first(1, 2, 4), first(1, 2)];
  expect(new Set(all).size).toBe(6);
  expect(first(1, 2, 3)).toBe(all[0]);
});
