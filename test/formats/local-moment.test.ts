import { expect, test } from "vitest";
import { localMoment } from "../../src/formats/local-moment.ts";

const written = "20261122-063550";

test("local time is that of the zone which the caller gives, whatever moment he gives beside", () => {
  for (const timestamp of [undefined, "2020-01-01T00:00:00Z"]) {
    expect(localMoment(written, { timeZone: "+01:00", timestamp }, "r").timestamp).toBe("2026-11-22T06:35:50+01:00");
  }
  expect(localMoment(written, { timeZone: "Z" }, "r").note).toContain(written);
});

test("without a zone, or without a time in the file, it is the moment which the caller gives", () => {
  const timestamp = "2020-01-01T00:00:00Z";
  const given = { timestamp, note: "The file has no time; it was given when it was imported." };
  expect(localMoment(written, { timestamp }, "r")).toEqual(given);
  expect(localMoment(undefined, { timestamp, timeZone: "Z" }, "r")).toEqual(given);
  expect(localMoment("yesterday", { timestamp, timeZone: "Z" }, "r")).toEqual(given);
});

test("without both it asks for one of them", () => {
  expect(() => localMoment(written, {}, "r")).toThrow("give it with --time-zone (or --timestamp)");
  expect(() => localMoment(undefined, { timeZone: "Z" }, "r")).toThrow("--timestamp");
});
