import type { Socket } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { LoadThreads } from "../../src/load/run/load-threads.ts";
import { runLoad } from "../../src/load/run/run-load.ts";
import type { Bound } from "../../src/workload/arrivals/arrivals.ts";
import type { Load } from "../../src/workload/load-plan.ts";
import { eventsOf } from "../support/raw-http.ts";
import { answerOf, chunk, headOf, type RawScript, rawServer } from "./raw-server.ts";

const threads = new LoadThreads(1);
afterAll(() => threads.close());

interface Plan {
  load: Load;
  bound: Bound;
  warmupRequests?: number;
}

async function measure(script: RawScript, { load, bound, warmupRequests = 0 }: Plan, on = threads) {
  await using server = await rawServer(script);
  const prompts = { kind: "random", inputLen: 5, outputLen: 3, rangeRatio: 0, sharedPrefix: 0 } as const;
  const common = { model: "m", endpoint: "completions", temperature: 0, continuousUsage: false, seed: 1 } as const;
  const plan = { ...common, prompts, requestTimeoutSeconds: 30, baseUrl: server.baseUrl, load, bound, warmupRequests };
  const { samples, health } = await runLoad(plan, on, { signal: new AbortController().signal });
  return { samples, health, requests: server.requests, failed: samples.errors.filter((error) => error !== null) };
}

const closed = (concurrency: number, count: number): Plan => ({
  load: { kind: "closed-loop", concurrency },
  bound: { kind: "requests", count },
});
const open = (requestRate: number, count: number): Plan => ({
  load: { kind: "open-loop", arrivals: { kind: "rate", requestRate, burstiness: 1 } },
  bound: { kind: "requests", count },
});

const KEPT = ["Keep-Alive: timeout=5, max=100"];

/** As llama.cpp's server: announces seconds, closes at once. */
const closesAtOnce: RawScript = { onRequest: (socket, request) => void socket.end(answerOf(request, ...KEPT)) };

const SERVERS: Record<string, RawScript> = {
  "closes at once after an answer that announced seconds": closesAtOnce,
  "closes a little later": {
    async onRequest(socket, request) {
      socket.write(answerOf(request, ...KEPT));
      await pause(15);
      socket.end();
    },
  },
  "resets the connection after each answer": {
    onRequest: (socket, request) =>
      void socket.write(answerOf(request), () => setTimeout(() => socket.resetAndDestroy(), 5)),
  },
  "says that it closes, in a list": {
    onRequest: (socket, request) => void socket.end(answerOf(request, "Connection: x", "Connection: close, y")),
  },
  "ends answers by closing, as HTTP/1.0 does": {
    onRequest: (socket, request) => void socket.end(`HTTP/1.0 200 OK\r\n\r\n${eventsOf(request.askedTokens)}`),
  },
  "takes as many requests a connection as it announces": {
    onRequest: (socket, request) => {
      socket.write(answerOf(request, "Keep-Alive: timeout=5, max=3"));
      if (request.turn === 2) socket.end();
    },
  },
  "closes without a word after the second answer": {
    onRequest: (socket, request) => {
      if (request.turn === 1) socket.end(answerOf(request));
      else socket.write(answerOf(request));
    },
  },
  "sends a byte too many after each answer": {
    onRequest: (socket, request) => void socket.write(`${answerOf(request)}\n`),
  },
};

describe.each(Object.entries(SERVERS))("a server that %s loses no request", (_, script) => {
  test.each([1, 4, 64])("of a closed loop of %i, without a warm-up", async (streams) => {
    const { failed, samples } = await measure(script, closed(streams, 4 * streams + 8));
    expect([failed, samples.errors.length]).toEqual([[], 4 * streams + 8]);
  });

  test("of an open loop, of a closed one bounded by time, and after a warm-up", async () => {
    expect((await measure(script, open(200, 60))).failed).toEqual([]);
    const timed = await measure(script, { ...closed(4, 0), bound: { kind: "seconds", seconds: 0.3 } });
    expect(timed.failed).toEqual([]);
    expect(timed.samples.errors.length).toBeGreaterThan(4);
    expect((await measure(script, { ...closed(4, 24), warmupRequests: 12 })).failed).toEqual([]);
  });
});

describe("a server that keeps no connection", () => {
  const WARMUP = 10;

  /** Ends no measured answer before connections wait for all streams, or for all requests that are left. */
  function demanding(streams: number, count: number): RawScript {
    const waiting = new Set<Socket>();
    let received = 0;
    return {
      onConnection: (socket) => void waiting.add(socket),
      async onRequest(socket, request) {
        waiting.delete(socket);
        if (!request.isWarmup) received += 1;
        socket.write(headOf(...KEPT));
        const enough = () => waiting.size >= Math.min(streams, count - received);
        while (!request.isWarmup && !enough()) await pause(1);
        socket.end(chunk(eventsOf(request.askedTokens)) + chunk(""));
      },
    };
  }

  test.each([
    ["a closed loop of 1", 1, 12, closed(1, 12)],
    ["a closed loop of 4", 4, 24, closed(4, 24)],
    ["an open loop", 8, 40, open(100, 40)],
  ])(
    "is known after the warm-up: in %s nothing is sent twice, nor waits for a connect",
    async (_, streams, count, plan) => {
      const on = new LoadThreads(1);
      const { failed, health, requests } = await measure(
        demanding(streams, count),
        { ...plan, warmupRequests: WARMUP },
        on,
      );
      await on.close();
      expect([failed, health.resentRequests]).toEqual([[], undefined]);
      expect(requests.every(({ isWarmup, turn }) => isWarmup || turn === 0)).toBe(true);
    },
  );

  test("is known after a single answer", async () => {
    const { failed, health } = await measure(closesAtOnce, { ...closed(2, 12), warmupRequests: 1 });
    expect([failed, health]).toEqual([[], expect.not.objectContaining({ resentRequests: expect.anything() })]);
  });

  test("opens no more connections than requests are left", async () => {
    const { requests } = await measure(closesAtOnce, closed(4, 4));
    expect(requests.length).toBe(4);
  });
});

describe("a request sent twice", () => {
  const losesEverySecond: RawScript = {
    onRequest: (socket, request) => void (request.turn === 0 ? socket.write(answerOf(request)) : socket.destroy()),
  };

  test("is counted, and its clock is that of the second time", async () => {
    const { failed, health, samples, requests } = await measure(losesEverySecond, closed(1, 2));
    expect([failed, health.resentRequests, requests.length]).toEqual([[], 1, 3]);
    expect(samples.sentMs[1]).toBeGreaterThan(samples.scheduledMs[1]!);
    expect(samples.firstTokenMs[1]).toBeGreaterThan(samples.sentMs[1]!);
  });

  test("is sent no third time", async () => {
    const { failed, requests } = await measure(
      {
        onRequest: (socket, request) => void (request.index === 0 ? socket.write(answerOf(request)) : socket.destroy()),
      },
      closed(1, 2),
    );
    expect([failed, requests.length]).toEqual([[expect.stringMatching(/^cut_off: /)], 3]);
  });

  test("fails as refused where the server has gone", async () => {
    await using server = await rawServer({
      onRequest: (socket, request) => {
        if (request.index === 0) socket.write(answerOf(request));
        else void server[Symbol.asyncDispose]();
      },
    });
    const prompts = { kind: "random", inputLen: 5, outputLen: 3, rangeRatio: 0, sharedPrefix: 0 } as const;
    const common = { model: "m", endpoint: "completions", temperature: 0, continuousUsage: false, seed: 1 } as const;
    const plan = { ...common, prompts, requestTimeoutSeconds: 30, warmupRequests: 0, ...closed(1, 2) };
    const { samples } = await runLoad({ ...plan, baseUrl: server.baseUrl }, threads, {
      signal: new AbortController().signal,
    });
    expect(samples.errors).toEqual([null, expect.stringMatching(/^refused: .*ECONNREFUSED/)]);
  });
});

describe("is never sent twice: a request", () => {
  const onlyOnce = async (script: RawScript, count: number) => {
    const { failed, health, requests } = await measure(script, closed(1, count));
    expect([health.resentRequests, requests.length]).toEqual([undefined, count]);
    return failed;
  };

  test("on a fresh connection", async () =>
    expect(await onlyOnce({ onRequest: (socket) => void socket.destroy() }, 3)).toEqual(
      Array(3).fill(expect.stringMatching(/^cut_off: /)),
    ));

  test("whose answer had begun", async () =>
    expect(
      await onlyOnce(
        {
          onRequest: (socket, request) =>
            void (request.turn === 0 ? socket.write(answerOf(request)) : socket.end("HTTP/1.1 2")),
        },
        2,
      ),
    ).toEqual([expect.stringMatching(/^cut_off: /)]));
});

describe("an idle connection", () => {
  test("on which a proxy says HTTP 408 is replaced", async () => {
    const timeout = "HTTP/1.1 408 Request Time-out\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    const script: RawScript = {
      async onRequest(socket, request) {
        socket.write(answerOf(request));
        await pause(20);
        socket.end(timeout);
      },
    };
    const { failed } = await measure(script, open(30, 20));
    expect(failed).toEqual([]);
  });

  test("whose HTTP 408 meets a request has its request sent again", async () => {
    const timeout = "HTTP/1.1 408 Request Time-out\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
    const script: RawScript = {
      onRequest: (socket, request) => void (request.turn === 0 ? socket.write(answerOf(request)) : socket.end(timeout)),
    };
    const { failed, health } = await measure(script, closed(1, 2));
    expect([failed, health.resentRequests]).toEqual([[], 1]);
  });

  test("is not used longer than the server announced", async () => {
    const script: RawScript = {
      onRequest: (socket, request) => void socket.write(answerOf(request, "Keep-Alive: timeout=1")),
    };
    const trace = {
      load: { kind: "open-loop", arrivals: { kind: "trace", timesMs: [0, 800, 1600] } },
      bound: { kind: "requests", count: 3 },
    } as const;
    const { failed, requests } = await measure(script, trace);
    expect([failed, requests.every(({ turn }) => turn === 0)]).toEqual([[], true]);
  });
});
