import { expect, test } from "vitest";
import { silenceOf } from "../../../src/telemetry/gpu/silence.ts";

const seconds = (...moments: number[]) => moments.map((moment) => moment * 1000);
const WINDOW = { fromMs: 10_000, toMs: 30_000 };

test("readings cover a window when no hole in it is longer than 5 s", () => {
  expect(silenceOf(seconds(11, 12, 17, 22, 25), WINDOW)).toBeUndefined();
  expect(silenceOf(seconds(12), { fromMs: 10_000, toMs: 13_000 })).toBeUndefined();
});

test.each([
  ["at its start", [1, 16, 20, 25], "gave no reading for 6.0 s"],
  ["in its midst", [11, 12, 20, 25], "gave no reading for 8.0 s"],
  ["at its end", [11, 15, 20, 22.5], "gave no reading for 7.5 s"],
  ["from end to end", [9, 31], "gave no reading for 20.0 s"],
  ["because there never was one", [], "gave no reading in 20.0 s"],
])("readings do not cover a window when the tool was silent %s", (_, moments, silence) => {
  expect(silenceOf(seconds(...moments), WINDOW)).toBe(silence);
});
