import { expect, test } from "vitest";
import { changeProbability, expectedChange, posteriorOf, SHARES } from "../../../src/arms/bisect/chain.ts";

const nothing = Float64Array.from(SHARES, () => 1);
const only = (share: number) => Float64Array.from(SHARES, (one) => (one === share ? 1 : 1e-12));
const steps = (count: number, change = 0.01) => Array.from({ length: count }, () => ({ change, beside: null }));
const changes = (likelihoods: Float64Array[]) => {
  const posterior = posteriorOf(likelihoods, steps(likelihoods.length));
  return likelihoods.map((_, step) => changeProbability(posterior.around(step)));
};

test("where only the ends are known each step may have brought the change, as likely as its prior", () => {
  const found = changes([nothing, nothing, nothing, only(1)]);
  for (const one of found) expect(one).toBeCloseTo(found[0]!, 6);
  expect(found.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1, 1);
});

test("a place that shows all of it leaves the steps behind it unlikely", () => {
  const [before, at, after] = changes([only(0), only(1), nothing]);
  expect(at).toBeGreaterThan(0.999);
  expect(Math.max(before!, after!)).toBeLessThan(0.02);
});

test("a place that shows half of it makes two changes of one", () => {
  const posterior = posteriorOf([only(0.5), only(0.5), only(1)], steps(3));
  const found = [0, 1, 2].map((step) => expectedChange(posterior.around(step)));
  expect(found.map((one) => Math.round(100 * one) / 100)).toEqual([0.5, 0, 0.5]);
});

test("two places side by side that differ say that the step between them did it", () => {
  const beside = Float64Array.from(SHARES.flatMap((from) => SHARES.map((to) => (to - from === 1 ? 1 : 1e-9))));
  const line = [nothing, nothing, only(1)];
  const posterior = posteriorOf(line, [...steps(1), { change: 0.01, beside }, ...steps(1)]);
  expect(changeProbability(posterior.around(1))).toBeGreaterThan(0.99);
  expect([...posterior.shares[1]!].indexOf(Math.max(...posterior.shares[1]!))).toBe(SHARES.indexOf(0));
});
