import { expect, test } from "vitest";
import { samplingText } from "../../../src/report/text/sampling-text.ts";

test.each([
  [{ n: 1, temperature: 1, topP: 1, detokenize: true }, ""],
  [{}, ""],
  [{ n: 2, temperature: 0, topP: 0.9 }, " · n 2 · temperature 0 · top-p 0.9"],
  [{ n: 4, temperature: 0, topP: 1, beamSearch: true, profile: true }, " · beam 4 · profiled"],
])("a sweep's cell that samples as %j reads “batch 8%s”", (params, text) => {
  expect(samplingText(params)).toBe(text);
});
