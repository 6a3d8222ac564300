import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Standstill } from "../../../src/engine/watch/hang.ts";
import { monitorEngine } from "../../../src/engine/watch/monitor.ts";
import type { EngineRecord } from "../../../src/result/document/engine-record.ts";

const page = (running: number, tokens: number) =>
  `vllm:num_requests_running{engine="0"} ${running}\nvllm:generation_tokens_total{engine="0"} ${tokens}\n`;

/** A remote engine that answers /health, and /metrics as a test says. */
async function engineThatSays(metrics: () => string) {
  const server = createServer((request, response) => {
    response.end(request.url === "/metrics" ? metrics() : "");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const record: EngineRecord = {
    ...{ schema: "pitwall.engine/1", kind: "remote", model: "m", modelPath: "m", version: null, maxModelLen: null },
    ...{ baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, dtype: null, args: [], command: [] },
    ...{ pid: null, processStart: null, secondsToReady: 0, startedAt: new Date().toISOString(), logFile: null },
  };
  return { record, [Symbol.asyncDispose]: async () => void server.close() };
}

describe("an engine that hangs", () => {
  test("has requests and makes no token while /health answers, and that ends the measurement", async () => {
    await using engine = await engineThatSays(() => page(3, 17));
    const monitor = monitorEngine(engine.record, new AbortController().signal, 0.5);
    if (!monitor.signal.aborted) await once(monitor.signal, "abort");
    expect(monitor.cause()).toMatchObject({
      reason: "client_timeout",
      detail: expect.stringMatching(/^the engine hangs: no token for \d+ s, .* while \/health answers; start it again/),
    });
    monitor.close();
  });

  test("is none that makes tokens, that is idle, or that shows no metrics", async () => {
    let tokens = 0;
    for (const metrics of [
      () => page(3, tokens++),
      () => page(0, 17),
      () => "nothing",
      () => "vllm:num_requests_running 3\n",
    ]) {
      await using engine = await engineThatSays(metrics);
      const monitor = monitorEngine(engine.record, new AbortController().signal, 0.3);
      await pause(1000);
      expect(monitor.cause()).toBeUndefined();
      monitor.close();
    }
  });
});

test("the clock of a standstill begins with the last token, and anew when the engine is idle", () => {
  const still = new Standstill();
  const after = (seconds: number, running: number, tokens: number) =>
    still.secondsAfter(page(running, tokens), seconds * 1000);
  expect([after(100, 1, 5), after(110, 1, 5), after(120, 1, 6), after(150, 2, 6)]).toEqual([0, 10, 0, 30]);
  expect([after(160, 0, 6), after(170, 1, 6), after(175, 1, 6)]).toEqual([0, 10, 15]);
});
