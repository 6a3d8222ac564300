import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { UsageError } from "../../../src/errors.ts";
import type { Arrivals, Bound } from "../../../src/workload/arrivals/arrivals.ts";
import { sendTimes } from "../../../src/workload/arrivals/send-times.ts";
import { seededRandom } from "../../../src/workload/random.ts";

const requests = (count: number): Bound => ({ kind: "requests", count });
const seconds = (value: number): Bound => ({ kind: "seconds", seconds: value });
const rate = (requestRate: number, burstiness = 1): Arrivals => ({ kind: "rate", requestRate, burstiness });
const ramp = (fromRate: number, toRate: number, over: number, burstiness = 1): Arrivals => ({
  kind: "ramp",
  fromRate,
  toRate,
  seconds: over,
  burstiness,
});
const times = (arrivals: Arrivals, bound: Bound, seed = 3, stream = 0) => [
  ...sendTimes(arrivals, bound, seededRandom(seed, stream)),
];
const gapsOf = (list: number[]) => list.map((time, i) => time - (list[i - 1] ?? 0));
const ascending = (list: number[]) => list.every((time, i) => time >= (list[i - 1] ?? 0));
const mean = (list: number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;

const counts = fc.integer({ min: 1, max: 500 });
const rates = fc.double({ min: 0.01, max: 1000, noNaN: true });
const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });
const shapes = fc.oneof(fc.double({ min: 0.01, max: 50, noNaN: true }), fc.constantFrom(1, Number.POSITIVE_INFINITY));
const spans = fc.double({ min: 0.1, max: 300, noNaN: true });

describe("a rate", () => {
  test("bounded by requests ascends from above 0 and ends at exactly the number of requests over the rate", () => {
    fc.assert(
      fc.property(counts, rates, seeds, (count, requestRate, seed) => {
        const list = times(rate(requestRate), requests(count), seed);
        expect(list).toEqual(list.toSorted((a, b) => a - b));
        expect(list).toHaveLength(count);
        expect(list[0]).toBeGreaterThan(0);
        expect(list.at(-1)).toBe((count / requestRate) * 1000);
      }),
    );
  });

  test("ascends and ends there for every burstiness too", () => {
    fc.assert(
      fc.property(counts, rates, shapes, seeds, (count, requestRate, shape, seed) => {
        const list = times(rate(requestRate, shape), requests(count), seed);
        expect(ascending(list)).toBe(true);
        expect(list.at(-1)).toBe((count / requestRate) * 1000);
      }),
    );
  });

  test("bounded by seconds has as many requests as are expected, at least one, and none later", () => {
    fc.assert(
      fc.property(rates, spans, shapes, seeds, (requestRate, span, shape, seed) => {
        const list = times(rate(requestRate, shape), seconds(span), seed);
        expect(list).toHaveLength(Math.max(1, Math.round(requestRate * span)));
        expect(ascending(list)).toBe(true);
        expect(list.at(-1)).toBeLessThanOrEqual(span * 1000);
      }),
      { numRuns: 30 },
    );
  });

  test("at burstiness 1 draws the times that it has always drawn for a seed", () => {
    expect(times(rate(10), requests(3), 7)).toEqual([103.72921159445244, 245.347803594392, 300]);
  });

  test("is the same for the same seed, and another for another seed or stream", () => {
    for (const shape of [0.5, 1, 4]) {
      const drawn = (seed: number, stream: number) => times(rate(10, shape), requests(50), seed, stream);
      expect(drawn(7, 0)).toEqual(drawn(7, 0));
      expect(drawn(7, 0)).not.toEqual(drawn(8, 0));
      expect(drawn(7, 0)).not.toEqual(drawn(7, 1));
    }
  });

  test.each([
    // Upper tails of the gamma distribution at its mean: χ² with one degree of freedom, exponential, Erlang.
    [0.5, 0.3173],
    [1, Math.exp(-1)],
    [2, 3 * Math.exp(-2)],
  ])("has gamma gaps: at shape %d a share of %d is longer than the mean", (shape, share) => {
    const gaps = gapsOf(times(rate(10, shape), requests(40_000)));
    const longer = gaps.filter((gap) => gap > 100).length / gaps.length;
    expect(Math.abs(longer - share)).toBeLessThan(0.01);
  });

  test.each([0.25, 0.5, 1, 2, 10, 100])("has gaps whose variance is 1/shape of the squared mean: shape %d", (shape) => {
    const gaps = gapsOf(times(rate(10, shape), requests(40_000)));
    const variance = mean(gaps.map((gap) => (gap - 100) ** 2)) / 100 ** 2;
    expect(mean(gaps)).toBeCloseTo(100, 6);
    expect(variance * shape).toBeGreaterThan(0.93);
    expect(variance * shape).toBeLessThan(1.07);
  });

  test("keeps constant gaps at infinite burstiness, without drift", () => {
    const list = times(rate(3, Number.POSITIVE_INFINITY), requests(10_000));
    for (const [i, time] of list.entries()) expect(time).toBeCloseTo(((i + 1) / 3) * 1000, 6);
  });

  test("when infinite sends everything at the start", () => {
    expect(times(rate(Number.POSITIVE_INFINITY), requests(3))).toEqual([0, 0, 0]);
  });

  test("survives a burstiness whose gaps round to nothing", () => {
    expect(times(rate(10, 1e-6), requests(4))).toEqual([...Array(3).fill(expect.any(Number)), 400]);
  });
});

describe("a ramp", () => {
  const ends = fc.double({ min: 0.1, max: 100, noNaN: true });

  test("ascends, and up to every moment brings what the integral of its rate expects", () => {
    fc.assert(
      fc.property(ends, ends, spans, (from, to, over) => {
        const list = times(ramp(from, to, over, Number.POSITIVE_INFINITY), seconds(over));
        expect(ascending(list)).toBe(true);
        for (const part of [0.25, 0.5, 0.75]) {
          const t = part * over;
          const expected = from * t + ((to - from) * t ** 2) / (2 * over);
          const arrived = list.filter((time) => time <= t * 1000).length;
          expect(Math.abs(arrived - expected)).toBeLessThanOrEqual(1.51);
        }
      }),
      { numRuns: 50 },
    );
  });

  test("brings a Poisson process's share to each quarter: n(t) = 10·t² ÷ (2·100) from 0 to 10 in 100 s", () => {
    const list = times(ramp(0, 10, 100), seconds(100));
    expect(list).toHaveLength(500);
    const until = (ms: number) => list.filter((time) => time <= ms).length;
    for (const t of [25, 50, 75])
      expect(Math.abs(until(t * 1000) - t ** 2 / 20)).toBeLessThan(3 * Math.sqrt(t ** 2 / 20));
    expect(list.at(-1)).toBe(100_000);
  });

  test("holds its last rate when it is bounded by more than it brings", () => {
    const held = times(ramp(1, 3, 10, Number.POSITIVE_INFINITY), requests(50));
    expect(held[19]).toBeCloseTo(10_000, 6);
    expect(held.at(-1)).toBeCloseTo(20_000, 6);
  });

  test("of no slope is the rate", () => {
    const [ramped, plain] = [ramp(5, 5, 10), rate(5)].map((arrivals) => times(arrivals, requests(40)));
    for (const [i, time] of ramped!.entries()) expect(time).toBeCloseTo(plain![i]!, 6);
  });
});

describe("bursts", () => {
  const bursts: Arrivals = { kind: "bursts", size: 3, everySeconds: 0.1 };

  test("go out together at multiples of their distance, the last one cut to the number of requests", () => {
    expect(times(bursts, requests(7))).toEqual([0, 0, 0, 100, 100, 100, 200]);
  });

  test("bounded by seconds start before the end, whole", () => {
    expect(times(bursts, seconds(0.3))).toHaveLength(9);
    expect(times(bursts, seconds(1.1))).toHaveLength(33);
    expect(times(bursts, seconds(0.31))).toHaveLength(12);
    expect(times(bursts, seconds(0.01))).toEqual([0, 0, 0]);
  });
});

describe("a trace", () => {
  const trace: Arrivals = { kind: "trace", timesMs: [0, 0, 15.5, 4000] };

  test("is replayed as it is, cut to the requests or the seconds asked for", () => {
    expect(times(trace, requests(4))).toEqual([0, 0, 15.5, 4000]);
    expect(times(trace, requests(2))).toEqual([0, 0]);
    expect(times(trace, seconds(4))).toEqual([0, 0, 15.5]);
    expect(times(trace, seconds(9))).toHaveLength(4);
  });
});

test.each<[Arrivals, Bound, RegExp]>([
  [rate(0), requests(1), /request rate is 0; it must be a number above 0/],
  [rate(Number.NaN), requests(1), /request rate is NaN/],
  [rate(1, 0), requests(1), /burstiness is 0; it must be .*Poisson/],
  [rate(1), requests(1.5), /number of requests is 1.5; it must be a whole number/],
  [rate(1), requests(1e9), /number of requests is 1000000000/],
  [rate(1), seconds(-1), /seconds to send for is -1/],
  [rate(1e6), seconds(1e6), /comes to 1000000000000 requests.*lower the rate/],
  [rate(Number.POSITIVE_INFINITY), seconds(1), /infinite rate.*number of requests/],
  [ramp(-1, 1, 1), requests(1), /ramp starts from is -1/],
  [ramp(1, 0, 1), requests(1), /ramp goes to is 0/],
  [ramp(1, 2, Number.POSITIVE_INFINITY), requests(1), /seconds of a ramp is Infinity/],
  [{ kind: "bursts", size: 0, everySeconds: 1 }, requests(1), /requests of a burst is 0/],
  [{ kind: "bursts", size: 1, everySeconds: 0 }, requests(1), /seconds between bursts is 0/],
  [{ kind: "trace", timesMs: [] }, requests(1), /trace holds no requests/],
  [{ kind: "trace", timesMs: [5, 4] }, requests(1), /time 2 of the trace is 4; .*sort the trace/i],
  [{ kind: "trace", timesMs: [0] }, requests(2), /holds 1 requests and 2 were asked for/],
  [{ kind: "trace", timesMs: [5000] }, seconds(1), /first request comes after 1 s/],
])("values that make no schedule are refused with what to do: %j %j", (arrivals, bound, message) => {
  expect(() => times(arrivals, bound)).toThrow(UsageError);
  expect(() => times(arrivals, bound)).toThrow(message);
});
