import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { metricsOf } from "../../../src/result/measure/measure.ts";
import { readServeFile } from "../../../src/result/vllm/file.ts";
import { type ServeFileFacts, vllmServeFile } from "../../../src/result/vllm/serve-file.ts";
import { requestSamples } from "../../support/request-samples.ts";
import { detailedFile, detailedSamples } from "../../support/vllm-detailed-file.ts";

const FACTS: ServeFileFacts = {
  finishedAt: new Date("2026-11-22T06:36:01.500Z"),
  backend: "vllm",
  model: "tiny-llama",
  tokenizer: "tiny-llama",
  numPrompts: 40,
  requestRate: Number.POSITIVE_INFINITY,
  burstiness: 1,
  maxConcurrency: 4,
  detailed: true,
};
const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../fixtures/vllm-0.32.0/${name}`, import.meta.url), "utf8"));

/** vLLM was asked for these percentiles less, and for these metadata more. */
const isOurs = (key: string) => !/^p(10|95)_/.test(key);
const isTheirs = (key: string) => !["model_rev", "gpu"].includes(key);

describe("of the same samples as vLLM's own file", () => {
  const file = vllmServeFile(detailedSamples(), FACTS);

  test("it has the same keys in the same order", () =>
    expect(Object.keys(file).filter(isOurs)).toEqual(Object.keys(detailedFile).filter(isTheirs)));

  test("it says the same, but for texts, which are not kept, and the peak concurrency, which is exact", () => {
    const differing = ["generated_texts", "max_concurrent_requests"];
    const roughly = (value: unknown) =>
      JSON.parse(JSON.stringify(value, (_, part) => (typeof part === "number" ? Number(part.toPrecision(9)) : part)));
    // Our zero of the clock is the first start.
    const theirs = {
      ...detailedFile,
      start_times: detailedFile.start_times.map((t: number) => t - detailedFile.start_times[0]),
    };
    for (const key of Object.keys(file).filter((key) => isOurs(key) && !differing.includes(key))) {
      expect(roughly([key, file[key]])).toEqual(roughly([key, theirs[key]]));
    }
    expect(file.max_concurrent_requests).toBe(4);
  });

  test("our reader reads back the metrics it was made of", () => {
    const { measurement, ...facts } = readServeFile(JSON.stringify(file), "f");
    expect(facts).toMatchObject({ numPrompts: 40, completed: 40, failed: 0 });
    const { count: _, ...ttft } = metricsOf({ kind: "requests", requests: detailedSamples() }).ttft_ms!;
    expect(measurement.metrics.ttft_ms).toEqual(ttft);
    expect([measurement.inputTokens, measurement.outputTokens]).toEqual([4040, 800]);
  });
});

test("without detail it has the keys of a plain --save-result file", () => {
  const file = vllmServeFile(detailedSamples(), { ...FACTS, detailed: false });
  expect(Object.keys(file).filter(isOurs)).toEqual(Object.keys(fixture("in_300_out_100.json")));
});

test("when every request failed it is zeros, as vLLM's is", () => {
  const requests = [1, 2, 3].map((sentMs) => ({ sentMs, tokensMs: [], error: "http_400: too long" }));
  const file = vllmServeFile(requestSamples(requests, 1), { ...FACTS, numPrompts: 5, maxConcurrency: null });
  const theirs = fixture("all_failed.json");
  const asTheirs = Object.keys(theirs).filter(
    (key) => typeof theirs[key] === "number" && !["duration", "num_prompts"].includes(key),
  );
  expect(Object.fromEntries(asTheirs.map((key) => [key, file[key]]))).toEqual(
    Object.fromEntries(asTheirs.map((key) => [key, theirs[key]])),
  );
  expect(file).toMatchObject({ latencies: [0, 0, 0], itls: [[], [], []], errors: Array(3).fill("http_400: too long") });
  expect(readServeFile(JSON.stringify(file), "f").measurement.metrics).toEqual({
    duration_s: 1,
    completed: 0,
    failed: 5,
  });
});

test("a finite rate is a number, and goodput is null without limits", () => {
  const samples = requestSamples([{ sentMs: 0, tokensMs: [10] }], 2);
  const facts = { ...FACTS, numPrompts: 1, requestRate: 6 };
  expect(vllmServeFile(samples, facts)).toMatchObject({ request_rate: 6, request_goodput: null });
  expect(vllmServeFile(samples, { ...facts, slos: [] })).toMatchObject({ request_goodput: null });
  const slos = [{ metric: "ttft_ms" as const, limitMs: 10 }];
  expect(vllmServeFile(samples, { ...facts, slos })).toMatchObject({ request_goodput: 0.5 });
});
