import { describe, expect, test } from "vitest";
import { watchEngineMetrics } from "../../../src/telemetry/engine/watch-engine.ts";
import { metricsServer, vllmPage } from "../../support/metrics-server.ts";
import { startSimulator } from "../../support/simulator.ts";

const never = new AbortController().signal;
const OFTEN = 0.02;

/** Watches until the server was read so many times, then ends. */
async function watch(server: Awaited<ReturnType<typeof metricsServer>>, { until = 4, signal = never } = {}) {
  const fromMs = performance.now();
  const watching = watchEngineMetrics({ baseUrl: server.url, intervalSeconds: OFTEN, signal });
  await expect.poll(() => server.reads(), { timeout: 10_000, interval: 5 }).toBeGreaterThanOrEqual(until);
  return watching.finish({ fromMs, toMs: performance.now() });
}

describe("watching an engine's /metrics", () => {
  test("tells levels at work and what the counters grew by", async () => {
    await using server = await metricsServer((read) =>
      vllmPage(
        read === 0
          ? { preemptions: 3, queries: 1000, hits: 100 }
          : { running: 4, preemptions: 5, queries: 3000, hits: 150 },
      ),
    );
    expect(await watch(server)).toMatchObject({
      running: { mean: 4, max: 4 },
      waiting: { mean: 0, max: 0 },
      kvCacheUsage: { mean: 0.04, max: 0.04 },
      preemptions: 2,
      prefixCacheQueryTokens: 2000,
      prefixCacheHitTokens: 50,
    });
  });

  test("keeps to one connection", async () => {
    await using server = await metricsServer(() => vllmPage());
    const watching = watchEngineMetrics({ baseUrl: server.url, intervalSeconds: OFTEN, signal: never });
    await expect.poll(() => server.reads(), { timeout: 20_000 }).toBeGreaterThan(5);
    expect(server.connections()).toBe(1);
    await watching.finish({ fromMs: 0, toMs: performance.now() });
  });

  test("reads start and end of a cell shorter than its interval", async () => {
    await using server = await metricsServer((read) => vllmPage({ preemptions: read }));
    const fromMs = performance.now();
    const watching = watchEngineMetrics({ baseUrl: server.url, signal: never });
    await expect.poll(() => server.reads(), { timeout: 20_000 }).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await watching.finish({ fromMs, toMs: performance.now() })).toEqual({
      samples: 0,
      preemptions: 1,
      prefixCacheQueryTokens: 0,
      prefixCacheHitTokens: 0,
    });
  });

  test.each([
    ["has no such page", 404],
    ["wants a key", 401],
    ["answers with a web page", "<html>welcome</html>"],
    ["redirects", 307],
  ])("gives nothing, and asks no more, when the server %s", async (_, answer) => {
    await using server = await metricsServer(() => answer);
    expect(await watch(server, { until: 1 })).toBeUndefined();
    await new Promise((resolve) => setTimeout(resolve, OFTEN * 5000));
    expect(server.reads()).toBe(1);
  });

  test("gives nothing when nobody listens", async () => {
    const fromMs = performance.now();
    const watching = watchEngineMetrics({ baseUrl: "http://127.0.0.1:9", intervalSeconds: OFTEN, signal: never });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await watching.finish({ fromMs, toMs: performance.now() })).toBeUndefined();
  });

  test("asks one at a time while an answer is late, and does not wait for it at the end", async () => {
    await using server = await metricsServer((read) => (read === 2 ? () => {} : vllmPage({ preemptions: read })));
    const fromMs = performance.now();
    const watching = watchEngineMetrics({ baseUrl: server.url, intervalSeconds: OFTEN, signal: never });
    await expect.poll(() => server.reads(), { timeout: 20_000 }).toBe(3);
    await new Promise((resolve) => setTimeout(resolve, OFTEN * 5000));
    expect(server.reads()).toBe(3);
    expect(await watching.finish({ fromMs, toMs: performance.now() })).toMatchObject({ preemptions: 3 });
  });

  test("survives a server that is busy, cuts off or ends", async () => {
    await using server = await metricsServer((read) => {
      if (read === 1) return 503;
      if (read === 2) {
        return (_, response) => {
          response.writeHead(200, { "content-length": 100 }).write("vllm:", () => response.destroy());
        };
      }
      if (read === 3) return ({ socket }) => socket.destroy();
      return vllmPage({ running: 1, preemptions: read });
    });
    const fromMs = performance.now();
    const watching = watchEngineMetrics({ baseUrl: server.url, intervalSeconds: OFTEN, signal: never });
    await expect.poll(() => server.reads(), { timeout: 20_000 }).toBeGreaterThan(5);
    expect(await watching.finish({ fromMs, toMs: performance.now() })).toMatchObject({ running: { mean: 1, max: 1 } });
  });

  test("ends with the run, without one more read", async () => {
    await using server = await metricsServer((read) => vllmPage({ preemptions: read }));
    const run = new AbortController();
    const fromMs = performance.now();
    const watching = watchEngineMetrics({ baseUrl: server.url, intervalSeconds: OFTEN, signal: run.signal });
    await expect.poll(() => server.reads(), { timeout: 20_000 }).toBeGreaterThan(2);
    run.abort();
    // One that was on its way arrives, and is no more than that.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const reads = server.reads();
    expect((await watching.finish({ fromMs, toMs: performance.now() }))?.preemptions).toBeGreaterThan(0);
    expect(server.reads()).toBe(reads);
  });

  test("sees the simulated engine at work", async () => {
    await using simulator = await startSimulator();
    const fromMs = performance.now();
    const watching = watchEngineMetrics({ baseUrl: simulator.url, intervalSeconds: OFTEN, signal: never });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const body = { model: "sim/tiny", prompt: "hello", max_tokens: 200, ignore_eos: true };
    const ask = () =>
      fetch(`${simulator.url}/v1/completions`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    const answers = await Promise.all([ask(), ask(), ask()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const seen = (await watching.finish({ fromMs, toMs: performance.now() }))!;
    expect(seen.running!.max).toBeGreaterThan(0);
    expect(seen.kvCacheUsage!.max).toBeGreaterThan(0);
  });
});
