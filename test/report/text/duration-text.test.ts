import { expect, test } from "vitest";
import { durationText, roughDurationText } from "../../../src/report/text/duration-text.ts";

test("what was measured reads to the second, and to the minute from an hour on", () => {
  expect([0, 41.4, 1063, 3900].map(durationText)).toEqual(["0 s", "41 s", "17 min 43 s", "1 h 5 min"]);
});

test("what was guessed reads in whole minutes from a minute and a half on", () => {
  expect([45, 720, 11_100].map(roughDurationText)).toEqual(["45 s", "12 min", "3 h 05 min"]);
});
