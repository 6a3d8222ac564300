import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RequestSamples } from "../../../src/result/document/cell.ts";
import { metricsOf } from "../../../src/result/measure/measure.ts";
import type { Distribution } from "../../../src/result/metrics/distribution.ts";
import { requestSamples } from "../../support/request-samples.ts";

/** Two good requests of 3 and 1 tokens, and a failed one. */
const SAMPLES = requestSamples(
  [
    { scheduledMs: 0, sentMs: 1, tokensMs: [11, 26, 51], inputTokens: 100 },
    { scheduledMs: 10, sentMs: 12, tokensMs: [32], inputTokens: 60 },
    { sentMs: 20, tokensMs: [], error: "http_500: no" },
  ],
  2,
);
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

  test("with the client's queue, latencies count from the moment scheduled", () => {
    expect(metrics.ttft_with_queue_ms).toMatchObject({ count: 2, mean: 16.5 });
    expect(metrics.e2el_with_queue_ms).toMatchObject({ count: 2, mean: 36.5 });
  });

  test("of which none waited have no latency with a queue", () => {
    const punctual = metricsOf(requests({ scheduledMs: [1, 12, 20] }));
    expect([punctual.ttft_with_queue_ms, punctual.e2el_with_queue_ms]).toEqual([undefined, undefined]);
    expect(punctual.client_queue_ms).toMatchObject({ mean: 0 });
  });

  test("the failed ones count for no peak", () => expect(metrics.max_concurrent_requests).toBe(2));

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

  test("the GPUs' energy is shared by the output tokens", () =>
    expect(metricsOf(requests(), { energyJ: 10 }).energy_per_output_token_j).toBe(2.5));

  test("without a price or SLOs they are absent", () =>
    expect(Object.keys(metricsOf(requests()))).not.toEqual(
      expect.arrayContaining(["cost_per_million_tokens", "request_goodput_req_s"]),
    ));

  test.each([
    ["ttft_ms", 10, 0.5],
    ["ttft_ms", 20, 1],
    ["ttft_ms", 9, 0],
    ["tpot_ms", 19, 0.5],
    ["itl_ms", 24, 0.5],
    ["itl_ms", 25, 1],
    ["e2el_ms", 20, 0.5],
  ] as const)("with %s of at most %d ms, goodput is %d requests a second", (metric, limitMs, goodput) =>
    expect(metricsOf(requests(), { slos: [{ metric, limitMs }] }).request_goodput_req_s).toBe(goodput),
  );

  test("a request is good when it keeps every limit", () => {
    const slos = [
      { metric: "ttft_ms", limitMs: 10 },
      { metric: "tpot_ms", limitMs: 19 },
    ] as const;
    expect(metricsOf(requests(), { slos }).request_goodput_req_s).toBe(0);
  });
});

test("iterations give the batch latency", () => {
  const measurement = { kind: "iterations" as const, latenciesS: [1, 3], inputTokens: [5], outputTokens: [5] };
  expect(metricsOf(measurement)).toEqual({
    latency_s: expect.objectContaining({ count: 2, mean: 2, std: 1, p90: 2.8 }),
  });
});

test("a batch of all requests at once has throughputs over one time, and no latency", () => {
  const measurement = { kind: "batch" as const, durationS: 2, inputTokens: [30, 30], outputTokens: [10, 10] };
  expect(metricsOf(measurement, { pricePerHour: 3.6, energyJ: 40 })).toEqual({
    duration_s: 2,
    completed: 2,
    request_throughput_req_s: 1,
    output_throughput_tok_s: 10,
    total_token_throughput_tok_s: 40,
    cost_per_million_tokens: 25,
    energy_per_output_token_j: 2,
  });
});

describe("starts", () => {
  const start = (readySeconds: number, phases?: object) => ({ readySeconds, ...(phases && { phases }) });
  const of = (...starts: ReturnType<typeof start>[]) => metricsOf({ kind: "starts", starts });

  test("give the time to ready and the phases that every log named", () =>
    expect(of(start(30, { compileSeconds: 8 }), start(34, { compileSeconds: 10 }))).toEqual({
      startup_s: expect.objectContaining({ count: 2, mean: 32 }),
      compile_s: expect.objectContaining({ count: 2, mean: 9 }),
    }));

  test("leave out a phase that one of them does not name, which would stand for the others", () =>
    expect(of(start(30, { compileSeconds: 8 }), start(3))).not.toHaveProperty("compile_s"));
});

test("another tool's summary is kept, and completed by what follows from it", () => {
  const metrics = { tpot_ms: { mean: 4 }, total_token_throughput_tok_s: 1000, completed: 3, failed: 0 };
  const measurement = { kind: "reported" as const, tool: "x", metrics, inputTokens: 1, outputTokens: 1 };
  const result = metricsOf(measurement, { pricePerHour: 3.6 });
  expect(result).toEqual({ ...metrics, tokens_per_s_user: 250, cost_per_million_tokens: 1 });
});

describe("tokens and events", () => {
  const speculative = requestSamples([{ sentMs: 0, tokensMs: [10, 40, 50], outputTokens: 6 }], 1);
  const of = (changes: Partial<RequestSamples> = {}) =>
    metricsOf({ kind: "requests", requests: { ...speculative, ...changes } });

  test("one token an event needs no mention", () =>
    expect(metricsOf(requests())).not.toHaveProperty("tokens_per_event"));

  test("several tokens an event are told, and gaps stay those of events", () =>
    expect(of()).toMatchObject({ tokens_per_event: 2, itl_ms: { count: 2, mean: 20 } }));

  test("where the engine told the tokens of each event, each has its share of the gap", () => {
    const { itl_token_ms } = of({ chunkTokens: [[1, 3, 2]] });
    expect(itl_token_ms).toMatchObject({ count: 5, mean: 8, p10: 5, p90: 10 });
    expect(of()).not.toHaveProperty("itl_token_ms");
  });

  test("an event without a token, as a chat's role is, makes no gap of its own", () => {
    expect(of({ chunkTokens: [[0, 5, 1]] }).itl_token_ms).toMatchObject({ count: 1, mean: 10 });
    expect(of({ chunkTokens: [[1, 0, 5]] }).itl_token_ms).toMatchObject({ count: 5, mean: 8 });
  });

  test("the fullest second counts from the first send, in tokens", () => {
    const seconds = requestSamples(
      [
        { sentMs: 500, tokensMs: [600, 1400, 1600], outputTokens: 6 },
        { sentMs: 600, tokensMs: [1500], outputTokens: 1 },
      ],
      2,
    );
    expect(metricsOf({ kind: "requests", requests: seconds }).max_output_tokens_per_s).toBe(4);
    const told = { ...seconds, chunkTokens: [[1, 1, 4], [1]] };
    expect(metricsOf({ kind: "requests", requests: told }).max_output_tokens_per_s).toBe(5);
  });

  test("a request that ends when another starts is not in flight with it", () => {
    const relay = requestSamples(
      [
        { sentMs: 0, tokensMs: [10] },
        { sentMs: 10, tokensMs: [20] },
        { sentMs: 15, tokensMs: [18] },
      ],
      1,
    );
    expect(metricsOf({ kind: "requests", requests: relay }).max_concurrent_requests).toBe(2);
  });
});

describe("of repeats", () => {
  const single = (ttft: number) => ({
    kind: "requests" as const,
    requests: requestSamples([{ sentMs: 0, tokensMs: [ttft, ttft + 10] }], 2),
  });
  const metrics = metricsOf({ kind: "repeated", repeats: [single(10), single(50), single(20)] }, { energyJ: 12 });

  test("every statistic is the median over them, and their requests and seconds add up", () =>
    expect(metrics).toMatchObject({
      ttft_ms: { count: 3, mean: 20, p50: 20, std: 0 },
      tpot_ms: { count: 3, mean: 10 },
      request_throughput_req_s: 0.5,
      completed: 3,
      failed: 0,
      duration_s: 6,
    }));

  test("the energy is that of all of them", () => expect(metrics.energy_per_output_token_j).toBe(2));
});

test("percentiles rise and lie within the samples, for any latencies", () => {
  const times = fc.array(fc.double({ min: 0, max: 1e5, noNaN: true }), { minLength: 1, maxLength: 50 });
  fc.assert(
    fc.property(times, (ttfts) => {
      const answered = ttfts.map((ttft) => ({ sentMs: 0, tokensMs: [ttft] }));
      const metrics = metricsOf({ kind: "requests", requests: requestSamples(answered, 2) });
      const { p10, p50, p90, p99, "p99.9": p999 } = metrics.ttft_ms as Required<Distribution>;
      expect([p10, p50, p90, p99, p999]).toEqual([p10, p50, p90, p99, p999].toSorted((a, b) => a - b));
      expect(p10).toBeGreaterThanOrEqual(Math.min(...ttfts));
      expect(p999).toBeLessThanOrEqual(Math.max(...ttfts));
    }),
  );
});
