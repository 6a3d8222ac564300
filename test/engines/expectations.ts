import { expect } from "vitest";
import type { RequestSamples } from "../../src/result/document/cell.ts";
import { median } from "../../src/result/metrics/distribution.ts";
import { type Measured, samplesOf } from "./measure.ts";

/**
 * What has to hold for any server: every request ended as asked, tokens are the server's own count, and the times are those of
 * the raw recording. The client sends before the proxy has it and reads after the proxy passed it on, so its TTFT is the longer
 * one, always; how much longer says the median, with room for a busy machine (docs/serving.md has the figures of a calm one).
 */
export function expectTruth(measured: Measured): RequestSamples {
  const samples = samplesOf(measured);
  const { recorded } = measured;
  expect(samples.errors.filter((error) => error !== null)).toEqual([]);
  expect(recorded).toHaveLength(samples.errors.length);
  expect(samples.outputTokens).toEqual(recorded.map(({ outputTokens }) => outputTokens));
  expect(samples.inputTokens).toEqual(recorded.map(({ inputTokens }) => inputTokens));
  expect(samples.gapsMs.map((gaps) => gaps.length + 1)).toEqual(recorded.map(({ events }) => events));
  const ttft = samples.firstTokenMs.map((at, place) => at! - samples.sentMs[place]! - recorded[place]!.ttftMs);
  const span = samples.firstTokenMs.map((at, place) => samples.lastTokenMs[place]! - at! - recorded[place]!.spanMs);
  expect(ttft.filter((error) => error < 0)).toEqual([]);
  expect(median(ttft)).toBeLessThan(25);
  expect(Math.abs(median(span))).toBeLessThan(25);
  return samples;
}

/** Every event carried one token. */
export function expectTokenEachEvent({ gapsMs, outputTokens }: RequestSamples): void {
  expect(gapsMs.map((gaps) => gaps.length + 1)).toEqual(outputTokens);
}
