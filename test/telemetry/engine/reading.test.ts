import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { EngineReader } from "../../../src/telemetry/engine/reading.ts";

const fixture = (name: string) =>
  readFileSync(join(import.meta.dirname, "../../fixtures/vllm-0.32.0", `metrics_${name}.txt`), "utf8");

function readEngine(page: string, piece = 1000) {
  const reader = new EngineReader();
  const bytes = Buffer.from(page);
  for (let at = 0; at < bytes.length; at += piece) reader.push(bytes.subarray(at, at + piece));
  return reader.end();
}

describe("one read of an engine's /metrics", () => {
  test("is understood from vLLM 0.32, idle and after 127 requests", () => {
    const idle = { running: 0, waiting: 0, kvCacheUsage: 0, preemptions: 0 };
    expect(readEngine(fixture("idle"))).toEqual({ ...idle, prefixCacheQueryTokens: 0, prefixCacheHitTokens: 0 });
    expect(readEngine(fixture("after"))).toEqual({
      ...idle,
      prefixCacheQueryTokens: 25665,
      prefixCacheHitTokens: 3200,
    });
  });

  test("adds the engines of a data-parallel server, and takes the mean of how full their caches are", () => {
    const page = [0, 1, 2].map(
      (engine) => `vllm:num_requests_running{engine="${engine}",model_name="m"} ${engine + 1}
vllm:kv_cache_usage_perc{engine="${engine}",model_name="m"} 0.${engine}
vllm:num_preemptions_total{engine="${engine}",model_name="m"} 2.0`,
    );
    const reading = readEngine(page.join("\n"))!;
    expect(reading).toMatchObject({ running: 6, preemptions: 6 });
    expect(reading.kvCacheUsage).toBeCloseTo(0.1);
  });

  test("knows the names of earlier versions", () => {
    const page = `vllm:gpu_cache_usage_perc{model_name="m"} 0.5
vllm:gpu_prefix_cache_queries_total{model_name="m"} 100.0
vllm:gpu_prefix_cache_hits_total{model_name="m"} 40.0`;
    expect(readEngine(page)).toEqual({ kvCacheUsage: 0.5, prefixCacheQueryTokens: 100, prefixCacheHitTokens: 40 });
  });

  test("counts nothing twice when a version shows both names", () => {
    const page = 'vllm:gpu_prefix_cache_hits_total{engine="0"} 40.0\nvllm:prefix_cache_hits_total{engine="0"} 41.0';
    expect(readEngine(page)).toEqual({ prefixCacheHitTokens: 41 });
  });

  test("leaves out what is no number, and is nothing without a metric that it knows", () => {
    expect(readEngine("vllm:num_requests_running NaN\nvllm:num_requests_waiting 1")).toEqual({ waiting: 1 });
    expect(readEngine("http_requests_total 4\nsglang:num_running_reqs 1")).toBeUndefined();
    expect(readEngine("<html></html>")).toBeUndefined();
  });

  test("is the same in whatever pieces the page comes", () => {
    const page = fixture("after");
    for (const piece of [1, 7, 100_000]) expect(readEngine(page, piece)).toEqual(readEngine(page));
  });

  test("passes over a line that is longer than any, and reads the one behind it", () => {
    const long = `vllm:num_requests_running{a="${"x".repeat(100_000)}"} 5`;
    expect(readEngine(`${long}\nvllm:num_requests_waiting 1`)).toEqual({ waiting: 1 });
  });
});
