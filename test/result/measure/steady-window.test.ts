import { describe, expect, test } from "vitest";
import { medianSteadyState, steadyState } from "../../../src/result/measure/steady-window.ts";
import { requestSamples } from "../../support/request-samples.ts";
import { detailedSamples } from "../../support/vllm-detailed-file.ts";

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Requests of 100 ms with a token every 10 ms, sent at a constant rate. */
function constantRate(count: number, gapMs: number) {
  const sends = range(count).map((index) => index * gapMs);
  const requests = sends.map((sentMs) => ({ sentMs, tokensMs: range(10).map((k) => sentMs + 10 * (k + 1)) }));
  return requestSamples(requests, (sends.at(-1)! + 100) / 1000);
}

/** Waves of four requests that start and end together, 100 ms each. */
function waves(count: number) {
  const sends = range(4 * count).map((index) => Math.floor(index / 4) * 100 + (index % 4) * 0.25);
  return requestSamples(
    sends.map((sentMs) => ({ sentMs, tokensMs: [sentMs + 50, sentMs + 99] })),
    count / 10,
  );
}

describe("an open loop", () => {
  const steady = steadyState(constantRate(101, 10), { kind: "open-loop" })!;

  test("is steady from a mean latency after its first send to its last send", () =>
    expect(steady).toMatchObject({ fromS: 0.1, toS: 1 }));

  test("counts tokens that arrived in the window, requests sent in it, and neither ramp nor drain", () => {
    expect(steady.metrics).toMatchObject({ completed: 90, e2el_ms: { mean: 100 } });
    expect(steady.metrics.request_throughput_req_s).toBeCloseTo(100, 6);
    expect(steady.metrics.output_throughput_tok_s).toBeCloseTo(1000, 6);
    expect(steady.metrics.total_token_throughput_tok_s).toBeCloseTo(2000, 6);
  });

  test("leaves to the whole run what nobody looks at twice", () => {
    expect(Object.keys(steady.metrics)).toEqual([
      ...["completed", "ttft_ms", "tpot_ms", "itl_ms", "e2el_ms"],
      ...["request_throughput_req_s", "output_throughput_tok_s", "total_token_throughput_tok_s"],
    ]);
    expect(Object.keys(steady.metrics.ttft_ms!)).toEqual(["mean", "p50", "p99"]);
  });

  test("keeps Little's law", () => {
    expect(steady.meanConcurrency).toBeCloseTo(10, 6);
    expect(steady.littleRatio).toBeCloseTo(1, 6);
  });

  test("in which requests pile up breaks it", () => {
    const requests = range(100).map((index) => ({ sentMs: index * 10, tokensMs: [index * 10 + 5 + index * 8] }));
    const { littleRatio } = steadyState(requestSamples(requests, 2), { kind: "open-loop" })!;
    expect(littleRatio).toBeLessThan(0.95);
  });

  test("that sends all at once has no steady state", () =>
    expect(steadyState(constantRate(50, 0), { kind: "open-loop" })).toBeUndefined());
});

describe("a closed loop", () => {
  const load = { kind: "closed-loop", concurrency: 4 } as const;

  test("is steady from when all its requests are first in flight to the last send", () => {
    const steady = steadyState(waves(10), load)!;
    expect(steady).toMatchObject({ fromS: 0.00075, toS: 0.90075, metrics: { completed: 36 } });
    expect(steady.littleRatio).toBeCloseTo(1, 2);
    expect(steady.meanConcurrency).toBeCloseTo(3.96, 2);
  });

  test("that never has its concurrency has no steady state", () =>
    expect(steadyState(waves(10), { ...load, concurrency: 5 })).toBeUndefined());

  test("of real vLLM has one, faster than the whole run with its ramp and drain", () => {
    const steady = steadyState(detailedSamples(), load)!;
    expect(steady.littleRatio).toBeGreaterThan(0.9);
    expect(steady.littleRatio).toBeLessThan(1.1);
    expect(steady.metrics.output_throughput_tok_s).toBeGreaterThan(1182.393);
  });
});

describe("a window that is too short to tell", () => {
  test("has fewer than ten requests", () => {
    expect(steadyState(waves(3), { kind: "closed-loop", concurrency: 4 })).toBeUndefined();
    expect(steadyState(waves(4), { kind: "closed-loop", concurrency: 4 })).toBeDefined();
  });

  test("has ten of them, and is long enough", () => {
    const tenInside = steadyState(constantRate(21, 10), { kind: "open-loop" });
    expect(tenInside?.metrics.completed).toBe(10);
    expect(steadyState(constantRate(20, 10), { kind: "open-loop" })).toBeUndefined();
  });

  test("is less than a fifth of the run", () => {
    const samples = constantRate(101, 10);
    expect(steadyState({ ...samples, durationS: 4.6 }, { kind: "open-loop" })).toBeUndefined();
    expect(steadyState({ ...samples, durationS: 4.4 }, { kind: "open-loop" })).toBeDefined();
  });

  test("has no request that ended well", () => {
    const failed = requestSamples([{ sentMs: 0, tokensMs: [], error: "refused: no" }], 1);
    expect(steadyState(failed, { kind: "open-loop" })).toBeUndefined();
  });
});

describe("repeats", () => {
  const [fast, middle, slow] = [8, 10, 12].map((gap) => steadyState(constantRate(101, gap), { kind: "open-loop" }));

  test("have the median of their steady states", () => {
    expect(medianSteadyState([fast, slow, middle])).toMatchObject({
      toS: 1,
      meanConcurrency: middle!.meanConcurrency,
      metrics: { output_throughput_tok_s: middle!.metrics.output_throughput_tok_s },
    });
  });

  test("that are none have none", () => expect(medianSteadyState([])).toBeUndefined());

  test("of which one has none have none", () => expect(medianSteadyState([fast, undefined])).toBeUndefined());
});
