import fc from "fast-check";
import { expect, test } from "vitest";
import { summarizeRepeats } from "../../../src/result/gate/summarize-repeats.ts";
import { medianInterval } from "../../../src/result/metrics/bootstrap.ts";
import { Repeats, spreadOf } from "../../../src/result/metrics/repeats.ts";
import { requestSamples } from "../../support/request-samples.ts";

const ttftOf = (ms: number) => ({
  kind: "requests" as const,
  requests: requestSamples([{ sentMs: 0, tokensMs: [ms] }], 1),
});

test("each metric keeps its headline of every repeat, which gives their median, its deviation and an interval", () => {
  const repeats = summarizeRepeats([10, 14, 11, 30, 12].map(ttftOf));
  expect(Repeats.parse(repeats)).toEqual(repeats);
  expect(repeats.count).toBe(5);
  expect(repeats.metrics.ttft_ms).toEqual([10, 14, 11, 30, 12]);
  expect(spreadOf(repeats.metrics.ttft_ms!)).toEqual({ median: 12, mad: 2, interval: [10, 30] });
});

test("of 6 repeats on the interval is stored, for it says more than their range", () => {
  const values = [10, 14, 11, 30, 12, 13];
  const { ttft_ms } = summarizeRepeats(values.map(ttftOf)).metrics;
  expect(ttft_ms).toEqual({ values, interval: medianInterval(values) });
  expect(spreadOf(ttft_ms!)).toEqual({ median: 12.5, mad: 1.5, interval: medianInterval(values) });
  expect(medianInterval(values)).not.toEqual([10, 30]);
});

test("of 3 to 5 repeats the bootstrap interval is their range, and needs no room", () => {
  const values = fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 3, maxLength: 5 });
  fc.assert(
    fc.property(values, (sample) => {
      expect(spreadOf(sample).interval).toEqual(medianInterval(sample));
    }),
    { numRuns: 20 },
  );
});

test("what varies as another metric does is left out", () => {
  const { metrics } = summarizeRepeats([10, 14, 11].map(ttftOf), { pricePerHour: 1 });
  expect(Object.keys(metrics)).toEqual(["ttft_ms", "e2el_ms", "client_queue_ms", "total_token_throughput_tok_s"]);
});

test("a document of an older version, with median and deviation of its own, says the same", () => {
  const older = { values: [10, 14, 11], median: 11, mad: 1, interval: [10, 14] };
  const { metrics } = Repeats.parse({ count: 3, metrics: { ttft_ms: older } });
  expect(spreadOf(metrics.ttft_ms!)).toEqual({ median: 11, mad: 1, interval: [10, 14] });
});

test("counts vary by no noise and are left out, as is a metric that a repeat lacks", () => {
  const { metrics } = summarizeRepeats([
    { kind: "reported", tool: "x", metrics: { completed: 3, ttft_ms: { mean: 5 } }, inputTokens: 1, outputTokens: 1 },
    {
      kind: "reported",
      tool: "x",
      metrics: { ttft_ms: { mean: 7 }, itl_ms: { p50: 1 } },
      inputTokens: 1,
      outputTokens: 1,
    },
  ]);
  expect(metrics).toEqual({ ttft_ms: [5, 7] });
  expect(spreadOf(metrics.ttft_ms!)).toEqual({ median: 6, mad: 1 });
});

test("the interval is the same every time, holds the median and lies within the values", () => {
  const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 3, maxLength: 9 });
  fc.assert(
    fc.property(values, (sample) => {
      const [low, high] = medianInterval(sample);
      const median = sample.toSorted((a, b) => a - b)[Math.floor(sample.length / 2)]!;
      expect(medianInterval(sample)).toEqual([low, high]);
      expect(low).toBeGreaterThanOrEqual(Math.min(...sample));
      expect(high).toBeLessThanOrEqual(Math.max(...sample));
      if (sample.length % 2 === 1) expect(low <= median && median <= high).toBe(true);
    }),
    { numRuns: 20 },
  );
});

test("the interval narrows as repeats become more", () => {
  const width = (count: number) => {
    const [low, high] = medianInterval(Array.from({ length: count }, (_, index) => Math.sin(index * 7.3)));
    return high - low;
  };
  expect(width(100)).toBeLessThan(width(10) / 2);
});
