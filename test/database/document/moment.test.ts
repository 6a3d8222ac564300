import { expect, test } from "vitest";
import { momentOf, utcMoment } from "../../../src/database/document/moment.ts";
import { UserError } from "../../../src/errors.ts";

test("moments of other tools become ours, to their last digit", () => {
  expect(utcMoment("2025-09-04T23:28:30.571673+02:00", "a")).toBe("2025-09-04T21:28:30.571673Z");
  expect(momentOf(1_700_000_000_000, "a")).toBe("2023-11-14T22:13:20Z");
});

test.each([1e20, -1, Number.NaN, Number.POSITIVE_INFINITY])(
  "%d ms since 1970 is no date, and the file is named",
  (ms) => {
    expect(() => momentOf(ms, "data.js")).toThrow(UserError);
    expect(() => momentOf(ms, "data.js")).toThrow(`data.js: ${ms} ms since 1970 is no date`);
  },
);

test.each(["9999-12-31T23:59:59-14:00", "0000-01-01T00:00:00+14:00", "2026-13-01T00:00:00Z", "soon"])(
  "%s is no date that a run can have",
  (text) => {
    expect(() => utcMoment(text, "a.json")).toThrow(`a.json: “${text}” is not a date with a time`);
  },
);
