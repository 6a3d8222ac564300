import fc from "fast-check";
import { expect, test } from "vitest";
import { formatMoment, timeTicks } from "../../../src/report/trends/time-axis.ts";

const at = (iso: string) => Date.parse(iso);

test("ticks of a day stand at round hours", () => {
  expect(timeTicks(at("2025-09-04T23:28:30Z"), at("2025-09-05T15:15:45Z"), 4).map(({ label }) => label)).toEqual([
    "09-05 00:00",
    "09-05 06:00",
    "09-05 12:00",
  ]);
});

test("ticks of a month stand at midnights", () => {
  const ticks = timeTicks(at("2026-10-26T02:00:00Z"), at("2026-11-14T02:00:00Z"), 5);
  expect(ticks.map(({ label }) => label)).toEqual(["2026-10-30", "2026-11-03", "2026-11-07", "2026-11-11"]);
});

test("as many steps as there may be ticks take the smaller step", () => {
  const ticks = timeTicks(at("2026-11-01T00:00:00Z"), at("2026-11-01T00:04:00Z"), 4);
  expect(ticks.map(({ label }) => label.slice(6))).toEqual(["00:00", "00:01", "00:02", "00:03", "00:04"]);
});

test("ticks lie within the axis, ascending, and never crowd it", () => {
  const moment = fc.integer({ min: at("2020-01-01"), max: at("2040-01-01") });
  fc.assert(
    fc.property(moment, moment, fc.integer({ min: 2, max: 20 }), (a, b, most) => {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const values = timeTicks(from, to, most).map(({ value }) => value);
      expect(values).toEqual(values.toSorted((x, y) => x - y));
      expect(values.every((value) => value >= from && value <= to)).toBe(true);
      if (to - from < 364 * 86_400_000 * most) expect(values.length).toBeLessThanOrEqual(most + 1);
    }),
  );
});

test("moments are UTC whatever they were written in", () => {
  expect(formatMoment("2025-09-04T23:28:30.571673+02:00")).toBe("2025-09-04 21:28 UTC");
});
