import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RequestSamples } from "../../src/result/cell.ts";
import type { Distribution } from "../../src/result/distribution.ts";
import { metricsOf } from "../../src/result/measure.ts";
import type { Metrics } from "../../src/result/metric.ts";

/** Two good requests of 3 and 1 tokens, and a failed one. */
const SAMPLES: RequestSamples = {
  durationS: 2,
  scheduledMs: [0, 10, 20],
  sentMs: [1, 12, 20],
  firstTokenMs: [11, 32, null],
  lastTokenMs: [51, 32, null],
  gapsMs: [[15, 25], [], []],
  inputTokens: [100, 60, 0],
  outputTokens: [3, 1, 0],
  errors: [null, null, "http_500: no"],
};
const requests = (samples: Partial<RequestSamples> = {}) => ({
  kind: "requests" as const,
  requests: { ...SAMPLES, ...samples },
});

describe("of requests", () => {
  const metrics = metricsOf(requests());

  test("latencies are those of the requests that ended well", () => {
    expect(metrics.ttft_ms).toMatchObject({ count: 2, mean: 15, std: 5 });
    expect(metrics.e2el_ms).toMatchObject({ count: 2, mean: 35, p50: 35 });
    expect(metrics.client_queue_ms).toMatchObject({ count: 2, mean: 1.5 });
  });

  test("time per output token leaves out the first token, and requests that have no other", () =>
    expect(metrics.tpot_ms).toMatchObject({ count: 1, mean: 20, std: 0 }));

  test("gaps are pooled over requests", () => expect(metrics.itl_ms).toMatchObject({ count: 2, mean: 20, p10: 16 }));

  test("throughputs count good requests over the whole duration", () =>
    expect(metrics).toMatchObject({
      duration_s: 2,
      completed: 2,
      failed: 1,
      request_throughput_req_s: 1,
      output_throughput_tok_s: 2,
      total_token_throughput_tok_s: 82,
      tokens_per_s_user: 50,
    }));

  test("without a good request there are counts and nothing else", () => {
    const errors = ["refused: x", "refused: x", "refused: x"];
    expect(metricsOf(requests({ errors }))).toEqual({ duration_s: 2, completed: 0, failed: 3 });
  });

  test("without a second token there is no TPOT, no ITL and no speed for a user", () => {
    const single = metricsOf(requests({ outputTokens: [1, 1, 0], gapsMs: [[], [], []] }));
    expect(Object.keys(single)).not.toEqual(expect.arrayContaining(["tpot_ms"]));
    expect([single.tpot_ms, single.itl_ms, single.tokens_per_s_user]).toEqual([undefined, undefined, undefined]);
  });

  test("a request that ended well without a time is a bug, said aloud", () =>
    expect(() => metricsOf(requests({ firstTokenMs: [11, null, null] }))).toThrow(
      "request 1 ended well but has no first token",
    ));
});

describe("cost and goodput", () => {
  test("a price an hour gives the cost of a million tokens", () =>
    expect(metricsOf(requests(), { pricePerHour: 2.952 }).cost_per_million_tokens).toBeCloseTo(10, 10));

  test("without a price or SLOs they are absent", () =>
    expect(Object.keys(metricsOf(requests()))).not.toEqual(
      expect.arrayContaining(["cost_per_million_tokens", "request_goodput_req_s"]),
    ));

  test.each([
    [{ ttftMs: 10 }, 0.5],
    [{ ttftMs: 20 }, 1],
    [{ ttftMs: 9 }, 0],
    [{ tpotMs: 19 }, 0.5],
    [{ ttftMs: 20, tpotMs: 20, e2elMs: 50 }, 1],
  ])("goodput within %j is %d requests a second", (slos, goodput) =>
    expect(metricsOf(requests(), { slos }).request_goodput_req_s).toBe(goodput),
  );
});

test("iterations give the batch latency", () => {
  const measurement = { kind: "iterations" as const, latenciesS: [1, 3], inputTokens: [5], outputTokens: [5] };
  expect(metricsOf(measurement)).toEqual({
    latency_s: expect.objectContaining({ count: 2, mean: 2, std: 1, p90: 2.8 }),
  });
});

test("another tool's summary is kept, and completed by what follows from it", () => {
  const metrics = { tpot_ms: { mean: 4 }, total_token_throughput_tok_s: 1000, completed: 3, failed: 0 };
  const measurement = { kind: "reported" as const, tool: "x", metrics, inputTokens: 1, outputTokens: 1 };
  const result = metricsOf(measurement, { pricePerHour: 3.6 });
  expect(result).toEqual({ ...metrics, tokens_per_s_user: 250, cost_per_million_tokens: 1 });
});

test("percentiles rise and lie within the samples, for any latencies", () => {
  const times = fc.array(fc.double({ min: 0, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(times, (ttfts) => {
      const count = ttfts.length;
      const metrics = metricsOf(
        requests({
          scheduledMs: Array(count).fill(0),
          sentMs: Array(count).fill(0),
          firstTokenMs: ttfts,
          lastTokenMs: ttfts,
          gapsMs: Array(count).fill([]),
          inputTokens: Array(count).fill(1),
          outputTokens: Array(count).fill(1),
          errors: Array(count).fill(null),
        }),
      );
      const { p10, p50, p90, p99, "p99.9": p999 } = metrics.ttft_ms as Required<Distribution>;
      expect([p10, p50, p90, p99, p999]).toEqual([p10, p50, p90, p99, p999].toSorted((a, b) => a - b));
      expect(p10).toBeGreaterThanOrEqual(Math.min(...ttfts));
      expect(p999).toBeLessThanOrEqual(Math.max(...ttfts));
    }),
  );
});

describe("against vLLM 0.32 itself: its detailed samples give its own summary", () => {
  const name = "../fixtures/vllm-0.32.0/concurrency_4_in_100_out_20_detailed.json";
  const file = JSON.parse(readFileSync(new URL(name, import.meta.url), "utf8"));
  const start = file.start_times[0];
  const milliseconds = (seconds: number) => seconds * 1000;
  const sentMs: number[] = file.start_times.map((time: number) => milliseconds(time - start));
  const later = (durations: number[]) => durations.map((duration, index) => sentMs[index]! + milliseconds(duration));
  const metrics = metricsOf({
    kind: "requests",
    requests: {
      durationS: file.duration,
      scheduledMs: sentMs.map((time, index) => time - milliseconds(file.queue_times[index])),
      sentMs,
      firstTokenMs: later(file.ttfts),
      lastTokenMs: later(file.latencies),
      gapsMs: file.itls.map((gaps: number[]) => gaps.map(milliseconds)),
      inputTokens: file.input_lens,
      outputTokens: file.output_lens,
      errors: file.errors.map((error: string) => error || null),
    },
  });

  const statistics = {
    mean: "mean",
    std: "std",
    median: "p50",
    p25: "p25",
    p50: "p50",
    p75: "p75",
    p90: "p90",
    p99: "p99",
    "p99.9": "p99.9",
  } as const;
  const latencies = (["ttft", "tpot", "itl", "e2el"] as const).flatMap((metric) =>
    Object.entries(statistics).map(
      ([theirs, ours]) => [`${theirs}_${metric}_ms`, metrics[`${metric}_ms`]?.[ours]] as const,
    ),
  );
  const scalars = [
    ["duration", "duration_s"],
    ["completed", "completed"],
    ["request_throughput", "request_throughput_req_s"],
    ["output_throughput", "output_throughput_tok_s"],
    ["total_token_throughput", "total_token_throughput_tok_s"],
  ] as const satisfies [string, keyof Metrics][];

  test.each([...latencies, ...scalars.map(([theirs, ours]) => [theirs, metrics[ours]] as const)])("%s", (key, ours) => {
    expect(file[key]).toBeGreaterThan(0);
    expect(Math.abs(ours! / file[key] - 1)).toBeLessThan(1e-9);
  });

  test("nothing failed", () => expect([metrics.failed, file.failed]).toEqual([0, 0]));
});
