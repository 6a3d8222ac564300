import { setTimeout as pause } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { LoadThreads } from "../../../src/load/run/load-threads.ts";
import { runLoad } from "../../../src/load/run/run-load.ts";
import type { LoadPlan } from "../../../src/workload/load-plan.ts";
import { answerWell, DONE, goodAnswer, type Script, scriptedServer, token, usage } from "../scripted-server.ts";

const PLAN = {
  model: "m",
  endpoint: "completions",
  load: { kind: "closed-loop", concurrency: 2 },
  bound: { kind: "requests", count: 6 },
  prompts: { kind: "random", inputLen: 5, outputLen: 3, rangeRatio: 0, sharedPrefix: 0 },
  temperature: 0,
  continuousUsage: false,
  seed: 1,
  warmupRequests: 0,
  requestTimeoutSeconds: 30,
} as const satisfies Omit<LoadPlan, "baseUrl">;

const NEVER = new AbortController().signal;

const threads = new LoadThreads(1);
afterAll(() => threads.close());

async function load(baseUrl: string, plan: Partial<LoadPlan> = {}, signal = NEVER) {
  return runLoad({ ...PLAN, baseUrl, ...plan }, threads, { signal });
}

const requests = (count: number) => ({ bound: { kind: "requests", count } }) as const;

/** The error of the only request that meets a script. */
async function errorOf(script: Script, plan: Partial<LoadPlan> = {}) {
  await using server = await scriptedServer(script);
  const { samples } = await load(server.baseUrl, { ...requests(1), ...plan });
  expect(samples.errors).toHaveLength(1);
  return samples.errors[0];
}

const stream =
  (text: string): Script =>
  (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).end(text);
  };

describe("a good answer", () => {
  test("is recorded with its counts, its times in order, and a gap between tokens", async () => {
    await using server = await scriptedServer(answerWell);
    const { samples } = await load(server.baseUrl);
    expect(samples.errors).toEqual(Array(6).fill(null));
    expect(samples.inputTokens).toEqual(Array(6).fill(5));
    expect(samples.outputTokens).toEqual(Array(6).fill(3));
    for (const index of samples.errors.keys()) {
      const { scheduledMs, sentMs, firstTokenMs, lastTokenMs, gapsMs } = samples;
      expect(gapsMs[index]).toHaveLength(2);
      expect(scheduledMs[index]).toBeLessThanOrEqual(sentMs[index]!);
      expect(sentMs[index]).toBeLessThan(firstTokenMs[index]!);
      expect(firstTokenMs[index]).toBeLessThanOrEqual(lastTokenMs[index]!);
      expect(lastTokenMs[index]).toBeLessThanOrEqual(samples.durationS * 1000);
    }
  });

  test("is good with a finish reason alone, or with [DONE] alone", async () => {
    const tokens = token() + token();
    expect(await errorOf(stream(tokens + token("x", "length") + usage(5, 3)))).toBeNull();
    expect(await errorOf(stream(tokens + token() + usage(5, 3) + DONE))).toBeNull();
  });

  test("may count several tokens in one event, as with speculative decoding", async () => {
    expect(await errorOf(stream(token("xyz", "length") + usage(5, 3) + DONE))).toBeNull();
  });

  test("counts each event's tokens where the engine tells, whatever the event that opens a chat answer says", async () => {
    const event = (delta: object, tokens: number, finish_reason: string | null = null) =>
      `data: ${JSON.stringify({ choices: [{ delta, finish_reason }], usage: { prompt_tokens: 5, completion_tokens: tokens } })}\n\n`;
    const answer = (opening: number) =>
      stream(
        event({ role: "assistant", content: "" }, opening) +
          event({ content: "a" }, 1) +
          event({ content: "bc" }, 3, "length") +
          DONE,
      );
    for (const opening of [0, 1]) {
      await using server = await scriptedServer(answer(opening));
      const { samples } = await load(server.baseUrl, { ...requests(1), continuousUsage: true });
      expect([samples.errors, samples.chunkTokens]).toEqual([[null], [[1, 2]]]);
    }
  });

  test("comes to a base URL with a path too", async () => {
    await using server = await scriptedServer(answerWell);
    const { samples } = await load(`${server.baseUrl}/engine/`, requests(1));
    expect(samples.errors).toEqual([null]);
    expect(server.received.map(({ path }) => path)).toEqual(["/engine/v1/completions"]);
  });
});

describe("a failure is classified", () => {
  test("refused: nobody listens", async () => {
    const closed = await scriptedServer(answerWell);
    await closed[Symbol.asyncDispose]();
    const { samples } = await load(closed.baseUrl, requests(1));
    expect(samples.errors[0]).toMatch(/^refused: .*ECONNREFUSED/);
    expect(samples.sentMs[0]).not.toBeNull();
    expect(samples.firstTokenMs[0]).toBeNull();
  });

  test("http_NNN with the engine's own message", async () => {
    const body = JSON.stringify({ error: { message: "prompt too long", code: 400 } });
    expect(await errorOf((response) => void response.writeHead(400).end(body))).toBe("http_400: prompt too long");
    expect(await errorOf((response) => void response.writeHead(503).end("busy"))).toBe("http_503: busy");
    expect(await errorOf((response) => void response.writeHead(500).end())).toBe("http_500: no message");
  });

  test("in_stream_error: an error object among the tokens, though [DONE] follows", async () => {
    const error = `data: ${JSON.stringify({ error: { message: "engine dead" } })}\n\n`;
    expect(await errorOf(stream(token() + error + DONE))).toBe("in_stream_error: engine dead");
    expect(await errorOf(stream(`${token()}data: {\n\n${DONE}`))).toMatch(/^in_stream_error: an event is not JSON/);
  });

  test("cut_off: the connection ends in mid-stream", async () => {
    const error = await errorOf((response) => {
      response.writeHead(200).write(token(), () => response.destroy());
    });
    expect(error).toMatch(/^cut_off: /);
  });

  test("cut_off: the stream ends properly but without its end mark, or without a token", async () => {
    expect(await errorOf(stream(token() + token() + token() + usage(5, 3)))).toMatch(/^cut_off: .*finish reason/);
    expect(await errorOf(stream(DONE))).toBe("cut_off: the answer ended without a token");
  });

  test("timeout: no end within the limit", async () => {
    const error = await errorOf((response) => void response.writeHead(200).write(token()), {
      requestTimeoutSeconds: 0.2,
    });
    expect(error).toBe("timeout: not answered within 0.2 s");
  });

  test("wrong_length: other tokens than asked, or none reported", async () => {
    const two = token() + token("x", "stop");
    expect(await errorOf(stream(two + usage(5, 2) + DONE))).toBe("wrong_length: 2 tokens came where 3 were asked for");
    expect(await errorOf(stream(two + DONE))).toBe("wrong_length: the engine did not report its usage");
  });

  test("and does not touch the other requests", async () => {
    await using server = await scriptedServer((response, index, request) =>
      index === 2 ? void response.writeHead(500).end("no") : answerWell(response, index, request),
    );
    const { samples } = await load(server.baseUrl, { load: { kind: "closed-loop", concurrency: 1 } });
    expect(samples.errors).toEqual([null, null, "http_500: no", null, null, null]);
  });
});

describe("a closed loop", () => {
  test("keeps exactly its concurrency open, on as many connections", async () => {
    await using server = await scriptedServer(async (response, index, request) => {
      await pause(10);
      await answerWell(response, index, request);
    });
    await load(server.baseUrl, { load: { kind: "closed-loop", concurrency: 3 }, ...requests(30) });
    expect(server.received).toHaveLength(30);
    expect(server.mostOpen()).toBe(3);
    expect(new Set(server.received.map(({ connection }) => connection)).size).toBe(3);
  });
});

describe("an open loop", () => {
  const rate = (requestRate: number, maxConcurrency?: number) =>
    ({ load: { kind: "open-loop", arrivals: { kind: "rate", requestRate, burstiness: 1 }, maxConcurrency } }) as const;

  test("sends in the order of its schedule, never early, without waiting for answers", async () => {
    const allReceived = Promise.withResolvers<void>();
    await using server = await scriptedServer(async (response, index, request) => {
      if (index === 19) allReceived.resolve();
      await allReceived.promise;
      await answerWell(response, index, request);
    });
    const { samples, health } = await load(server.baseUrl, { ...rate(100), ...requests(20) });
    expect(samples.errors).toEqual(Array(20).fill(null));
    expect(samples.scheduledMs).toEqual(samples.scheduledMs.toSorted((a, b) => a - b));
    expect(samples.scheduledMs.at(-1)).toBe(200);
    for (const [index, sent] of samples.sentMs.entries()) {
      expect(sent).toBeGreaterThanOrEqual(samples.scheduledMs[index]!);
    }
    expect(health.sendDelayP99Ms).toBeGreaterThanOrEqual(0);
  });

  test("holds back what is over its concurrency, and says how long", async () => {
    await using server = await scriptedServer(async (response, index, request) => {
      await pause(20);
      await answerWell(response, index, request);
    });
    const { samples } = await load(server.baseUrl, rate(Number.POSITIVE_INFINITY, 2));
    expect(server.mostOpen()).toBe(2);
    expect(samples.scheduledMs).toEqual(Array(6).fill(0));
    expect(samples.sentMs[5]).toBeGreaterThan(samples.lastTokenMs[1]!);
  });
});

test("warm-up requests have prompts of their own and are not recorded", async () => {
  await using server = await scriptedServer(answerWell);
  const { samples, warmupSeconds } = await load(server.baseUrl, { warmupRequests: 4 });
  const prompts = server.received.map(({ body }) => body.prompt.join());
  expect(new Set(prompts).size).toBe(10);
  expect(samples.errors).toHaveLength(6);
  expect(warmupSeconds).toBeGreaterThan(0);
});

describe("an abort", () => {
  test("ends open requests at once, sends no more, and keeps what was measured", async () => {
    const stop = new AbortController();
    await using server = await scriptedServer((response, index, request) => {
      if (index < 2) return answerWell(response, index, request);
      response.writeHead(200).write(token(), () => stop.abort(new Error("enough")));
    });
    const plan = { load: { kind: "closed-loop", concurrency: 1 } } as const;
    const { samples } = await load(server.baseUrl, plan, stop.signal);
    const notSent = "cancelled: not sent";
    expect(samples.errors).toEqual([null, null, "cancelled: enough", notSent, notSent, notSent]);
    expect(samples.sentMs.slice(3)).toEqual([null, null, null]);
    expect(samples.outputTokens.slice(0, 2)).toEqual([3, 3]);
    expect(server.received).toHaveLength(3);
  });

  test("before the first request sends none", async () => {
    await using server = await scriptedServer(answerWell);
    const { samples } = await load(server.baseUrl, {}, AbortSignal.abort(new Error("no")));
    expect(samples.durationS).toBeGreaterThan(0);
    expect(samples.errors).toEqual(Array(6).fill("cancelled: not sent"));
    expect(server.received).toEqual([]);
  });

  test("ends the wait for a request that is not due yet", async () => {
    await using server = await scriptedServer(answerWell);
    const plan = {
      load: { kind: "open-loop", arrivals: { kind: "rate", requestRate: 0.001, burstiness: 1 } },
    } as const;
    const { samples } = await load(server.baseUrl, plan, AbortSignal.timeout(100));
    expect(samples.errors).toEqual(Array(6).fill("cancelled: not sent"));
  });
});

test("progress counts what is settled, failed and open", async () => {
  const enough = Promise.withResolvers<void>();
  await using server = await scriptedServer(async (response, index, request) => {
    if (index === 1) return void response.writeHead(500).end();
    if (index === 2) await enough.promise;
    await answerWell(response, index, request);
  });
  const plan = {
    ...PLAN,
    baseUrl: server.baseUrl,
    ...requests(3),
    load: { kind: "closed-loop", concurrency: 1 },
  } as const;
  const started: number[] = [];
  await runLoad(plan, threads, {
    signal: NEVER,
    onMeasuring: () => started.push(server.received.length),
    onProgress: ({ settled, failed, open, ttftCount }) => {
      if (settled < 2) return;
      expect({ failed, open, ttftCount }).toEqual({ failed: 1, open: 1, ttftCount: 1 });
      enough.resolve();
    },
  });
  expect(started).toEqual([0]);
});

test("an answer that arrives byte by byte is the same answer", async () => {
  await using server = await scriptedServer(async (response, _index, request) => {
    response.writeHead(200);
    for (const byte of Buffer.from(goodAnswer(request))) {
      response.write(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  });
  const { samples } = await load(server.baseUrl, requests(1));
  expect([samples.errors, samples.outputTokens, samples.gapsMs[0]?.length]).toEqual([[null], [3], 2]);
});
