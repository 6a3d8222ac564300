import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { VERSION } from "../../src/package-root.ts";
import { JSON_HEADERS } from "../support/json-headers.ts";
import { type RunningSimulator, startSimulator } from "../support/simulator.ts";

describe("what it says of itself", () => {
  let engine: RunningSimulator;
  beforeAll(async () => {
    engine = await startSimulator("--model", "tiny-llama", "--preset", "tiny");
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  test("is that it is healthy, with an empty body, and simulated", async () => {
    const response = await fetch(`${engine.url}/health`);
    expect([response.status, await response.text()]).toEqual([200, ""]);
    expect(response.headers.get("server")).toBe("pitwall-simulated");
    expect(await (await fetch(`${engine.url}/version`)).json()).toEqual({ version: `${VERSION}-simulated` });
  });

  test("lists its model as vLLM does, owned by nobody real", async () => {
    const models = (await (await fetch(`${engine.url}/v1/models`)).json()) as { data: object[] };
    const real = JSON.parse(readFileSync("test/fixtures/vllm-0.32.0/models.json", "utf8"));
    expect(Object.keys(models.data[0] as object)).toEqual(Object.keys(real.data[0]));
    expect(models.data).toMatchObject([{ id: "tiny-llama", max_model_len: 4096, owned_by: "pitwall-simulated" }]);
  });

  test("counts requests and tokens under vLLM's metric names", async () => {
    await using fresh = await startSimulator();
    const body = JSON.stringify({
      prompt: [
        [1, 2, 3, 4, 5, 6, 7, 8],
        [1, 2],
      ],
      max_tokens: 6,
    });
    await (await fetch(`${fresh.url}/v1/completions`, { method: "POST", headers: JSON_HEADERS, body })).text();
    const text = await (await fetch(`${fresh.url}/metrics`)).text();
    const labels = `engine="0",model_name="sim/tiny"`;
    const ended = (reason: string) =>
      `vllm:request_success_total{engine="0",finished_reason="${reason}",model_name="sim/tiny"}`;
    expect(text.split("\n")).toEqual(
      expect.arrayContaining([
        "# TYPE vllm:prompt_tokens_total counter",
        `vllm:prompt_tokens_total{${labels}} 10.0`,
        `vllm:generation_tokens_total{${labels}} 12.0`,
        `vllm:num_requests_running{${labels}} 0.0`,
        `vllm:num_requests_waiting{${labels}} 0.0`,
        `vllm:kv_cache_usage_perc{${labels}} 0.0`,
        `${ended("length")} 2.0`,
        `${ended("abort")} 0.0`,
      ]),
    );
  });

  test("shows every metric under a name and with buckets that vLLM 0.32 has", async () => {
    const body = JSON.stringify({ prompt: [1, 2, 3], max_tokens: 4 });
    await (await fetch(`${engine.url}/v1/completions`, { method: "POST", headers: JSON_HEADERS, body })).text();
    const ours = await (await fetch(`${engine.url}/metrics`)).text();
    const real = readFileSync("test/fixtures/vllm-0.32.0/metrics_after.txt", "utf8");
    const kinds = (text: string) => [...text.matchAll(/^# TYPE (vllm:\S+ \S+)$/gm)].map(([, kind]) => kind);
    expect(kinds(ours).length).toBeGreaterThan(20);
    expect(kinds(real)).toEqual(expect.arrayContaining(kinds(ours)));
    const buckets = (text: string) =>
      [...text.matchAll(/^(\S+_bucket)\{.*?le="([^"]+)"/gm)].map(([, name, le]) => `${name} ${le}`);
    expect(buckets(real)).toEqual(expect.arrayContaining(buckets(ours)));
    expect(ours).toContain(`vllm:inter_token_latency_seconds_count{engine="0",model_name="tiny-llama"} 3.0`);
    expect(ours).toContain(`vllm:time_to_first_token_seconds_count{engine="0",model_name="tiny-llama"} 1.0`);
  });
});
