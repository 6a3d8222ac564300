import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { energyOf } from "../../../src/telemetry/gpu/energy.ts";

const points = (powerAt: (seconds: number) => number, count: number, stepMs = 1000) =>
  Array.from({ length: count }, (_, index) => ({ atMs: index * stepMs, powerW: powerAt((index * stepMs) / 1000) }));

describe("energy", () => {
  test("of a constant power is power times time, wherever the samples fall", () => {
    const moments = fc.uniqueArray(fc.double({ min: -5000, max: 65_000, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(moments, (drawn) => {
        const steady = drawn.toSorted((a, b) => a - b).map((atMs) => ({ atMs, powerW: 400 }));
        expect(energyOf(steady, { fromMs: 0, toMs: 60_000 })).toBeCloseTo(24_000, 6);
      }),
    );
  });

  test("of a ramp from 100 W to 700 W in 60 s is that of its mean", () => {
    const ramp = points((seconds) => 100 + 10 * seconds, 61);
    expect(energyOf(ramp, { fromMs: 0, toMs: 60_000 })).toBeCloseTo(400 * 60);
  });

  test("counts the window only, cutting between samples", () => {
    const ramp = points((seconds) => 10 * seconds, 61);
    expect(energyOf(ramp, { fromMs: 10_500, toMs: 20_250 })).toBeCloseTo(5 * (20.25 ** 2 - 10.5 ** 2));
  });

  test("of a curve is within 0.3 % of its integral, sampled each second", () => {
    const curve = points((seconds) => 500 + 200 * Math.sin((2 * Math.PI * seconds) / 20), 51);
    const integral = 500 * 45 + ((200 * 20) / (2 * Math.PI)) * (1 - Math.cos((2 * Math.PI * 45) / 20));
    expect(Math.abs(energyOf(curve, { fromMs: 0, toMs: 45_000 }) / integral - 1)).toBeLessThan(0.003);
  });

  test("holds the first and the last value to the edges", () => {
    const two = [
      { atMs: 400, powerW: 100 },
      { atMs: 1400, powerW: 300 },
    ];
    expect(energyOf(two, { fromMs: 0, toMs: 2000 })).toBeCloseTo(100 * 0.4 + 200 * 1 + 300 * 0.6);
  });
});
