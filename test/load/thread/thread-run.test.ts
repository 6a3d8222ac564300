import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { Connections } from "../../../src/load/http/connections.ts";
import { targetOf } from "../../../src/load/http/target.ts";
import { stockRequests } from "../../../src/load/run/stock.ts";
import { LIVE, LIVE_LENGTH, type StockedRequests, type ThreadOrder } from "../../../src/load/thread/thread-order.ts";
import { buffersOf, threadResultOf } from "../../../src/load/thread/thread-result.ts";
import { ThreadRun } from "../../../src/load/thread/thread-run.ts";
import { Wait } from "../../../src/load/thread/wait.ts";
import { fromMonotonic, toMonotonic } from "../../../src/time/monotonic.ts";
import { answerWell, type Script, scriptedServer } from "../scripted-server.ts";

const BODY = Buffer.from(JSON.stringify({ model: "m", prompt: [1, 2, 3, 4, 5], max_tokens: 3 }));
const HEALTH = { utilization: 0, loopDelayP99Ms: 0, gcMs: 0, sendDelaysMs: Float64Array.of(1, 2) };

function stock(count: number, host: string): StockedRequests {
  const route = { host, path: "/v1/completions", idPrefix: "t-" };
  return stockRequests(count, () => ({ body: BODY, askedInputTokens: 5, askedOutputTokens: 3 }), route);
}

interface Journey {
  requests: number;
  order?: Partial<ThreadOrder>;
  /** Flights that share the tickets, as threads do. */
  threadRuns?: number;
  during?(threadRuns: ThreadRun[]): void;
}

/** Sends to a server that plays a script, up to the result of all. */
async function fly(script: Script, { requests, order, threadRuns: count = 1, during }: Journey) {
  await using server = await scriptedServer(script);
  const url = new URL(server.baseUrl);
  const tickets = new Int32Array(new SharedArrayBuffer(4));
  const common = { requests: stock(requests, url.host), times: null, lastsMs: null, slots: 2, timeoutSeconds: 30 };
  const startAt = toMonotonic(performance.now()) + 5;
  const lives = Array.from({ length: count }, () => new Float64Array(LIVE_LENGTH));
  const pools = lives.map(() => new Connections(targetOf(url)));
  const threadRuns = lives.map(
    (live, i) => new ThreadRun({ startAt, ...common, tickets, live, ...order }, pools[i]!, new Wait()),
  );
  for (const threadRun of threadRuns) threadRun.start();
  during?.(threadRuns);
  await Promise.all(threadRuns.map(({ finished }) => finished));
  for (const pool of pools) pool.close();
  return { threadRuns, lives, startAt: fromMonotonic(startAt), mostOpen: server.mostOpen(), received: server.received };
}

const slowly: Script = async (response, index, request) => {
  await pause(10);
  await answerWell(response, index, request);
};
/** Never answers; cancels all runs as soon as so many requests are there. */
const cancelled = (requests: number, why: string) => {
  let flying: ThreadRun[] = [];
  const script: Script = (_response, index) => {
    if (index === requests - 1) for (const threadRun of flying) threadRun.cancel(why);
  };
  const during = (threadRuns: ThreadRun[]) => {
    flying = threadRuns;
  };
  return { script, during };
};
const errorsOf = ({ sentRequests }: ThreadRun) => sentRequests.map(({ exchange }) => exchange.error);

test("a closed loop sends every request, in order, with as many open as it has slots", async () => {
  const { threadRuns, mostOpen, startAt } = await fly(slowly, { requests: 9, order: { slots: 3 } });
  const [threadRun] = threadRuns;
  expect(threadRun!.sentRequests.map(({ index }) => index)).toEqual([...Array(9).keys()]);
  expect(errorsOf(threadRun!)).toEqual(Array(9).fill(null));
  expect(mostOpen).toBe(3);
  for (const { scheduledAt, exchange } of threadRun!.sentRequests) {
    expect(scheduledAt).toBeGreaterThanOrEqual(startAt);
    expect(exchange.sentAt).toBeGreaterThanOrEqual(scheduledAt);
  }
});

test("threads that share their tickets send each request once", async () => {
  const { threadRuns } = await fly(slowly, { requests: 20, threadRuns: 2 });
  const sent = threadRuns.flatMap(({ sentRequests }) => sentRequests.map(({ index }) => index));
  expect(sent.toSorted((a, b) => a - b)).toEqual([...Array(20).keys()]);
});

test("a request that is due while a slot is free goes out then, and never earlier", async () => {
  const times = Float64Array.of(0, 0, 15, 30);
  const { threadRuns, startAt } = await fly(answerWell, {
    requests: 4,
    order: { times, slots: Number.POSITIVE_INFINITY },
  });
  const { sentRequests, sendDelays } = threadRuns[0]!;
  expect(sentRequests.map(({ scheduledAt }) => scheduledAt - startAt)).toEqual(
    [...times].map((time) => expect.closeTo(time, 6)),
  );
  for (const { scheduledAt, exchange } of sentRequests) expect(exchange.sentAt).toBeGreaterThanOrEqual(scheduledAt);
  expect(sendDelays).toHaveLength(4);
  expect(sendDelays.every((delay) => delay >= 0)).toBe(true);
});

test("a wait for a slot is no delay of the client's", async () => {
  const held: Script = async (response, index, request) => {
    await pause(60);
    await answerWell(response, index, request);
  };
  const { threadRuns } = await fly(held, { requests: 2, order: { times: Float64Array.of(0, 0), slots: 1 } });
  const [, second] = threadRuns[0]!.sentRequests;
  const waited = second!.exchange.sentAt - second!.scheduledAt;
  expect(waited).toBeGreaterThan(50);
  expect(threadRuns[0]!.sendDelays[1]).toBeLessThan(waited);
});

test("a run bounded by time sends no more after it, and waits for what is open", async () => {
  const { threadRuns } = await fly(slowly, { requests: 10_000, order: { lastsMs: 40 } });
  const { sentRequests } = threadRuns[0]!;
  expect(sentRequests.length).toBeLessThan(10_000);
  expect(errorsOf(threadRuns[0]!).every((error) => error === null)).toBe(true);
});

test.each([
  ["no slot", { slots: 0 }, 5],
  ["no request", {}, 0],
])("a threadRun with %s lands at once", async (_what, order, requests) => {
  const { threadRuns, received } = await fly(answerWell, { requests, order });
  expect([threadRuns[0]!.sentRequests.length, received.length]).toEqual([0, 0]);
});

test("a cancel ends what is open at once and sends no more", async () => {
  const { script, during } = cancelled(2, "the run was cancelled");
  const { threadRuns } = await fly(script, { requests: 9, during });
  expect(errorsOf(threadRuns[0]!)).toEqual(Array(2).fill("cancelled: the run was cancelled"));
});

test("a cancel before the start sends nothing", async () => {
  const { threadRuns, received } = await fly(answerWell, {
    requests: 9,
    during: ([threadRun]) => threadRun!.cancel("changed my mind"),
  });
  expect([threadRuns[0]!.sentRequests.length, received.length]).toEqual([0, 0]);
});

test("counts what is settled, failed and open, with latencies of the good ones alone", async () => {
  const failing: Script = (response, index, request) =>
    index === 0 ? void response.writeHead(500).end() : answerWell(response, index, request);
  const { lives } = await fly(failing, { requests: 5 });
  const [live] = lives;
  expect(live![LIVE.settled]).toBe(5);
  expect([live![LIVE.failed], live![LIVE.open], live![LIVE.tokens]]).toEqual([1, 0, 12]);
  expect([live![LIVE.ttftCount], live![LIVE.itlCount]]).toEqual([4, 8]);
  expect(live![LIVE.ttftSum]).toBeGreaterThan(0);
});

test("lands as columns, in the order of sending, on the clock that all threads share", async () => {
  const failing: Script = (response, index, request) =>
    index === 1 ? void response.writeHead(500).end() : answerWell(response, index, request);
  const { threadRuns, startAt } = await fly(failing, { requests: 3, order: { slots: 1 } });
  const threadResult = threadResultOf(threadRuns[0]!, performance.now(), HEALTH);
  expect([...threadResult.index]).toEqual([0, 1, 2]);
  expect([...threadResult.arrivalCounts]).toEqual([3, 0, 3]);
  expect(threadResult.errors).toEqual([null, "http_500: no message", null]);
  expect(threadResult.finishReasons).toEqual(["length", null, "length"]);
  expect([[...threadResult.inputTokens], [...threadResult.outputTokens]]).toEqual([
    [5, 0, 5],
    [3, 0, 3],
  ]);
  expect([[...threadResult.askedInputTokens], [...threadResult.askedOutputTokens]]).toEqual([
    [5, 5, 5],
    [3, 3, 3],
  ]);
  expect(threadResult.chunkTokens).toBeNull();
  const moments = [
    threadResult.sentAt[0]!,
    threadResult.arrivals[0]!,
    threadResult.arrivals[2]!,
    threadResult.endedAt[0]!,
  ];
  expect(moments).toEqual(moments.toSorted((a, b) => a - b));
  expect(moments[0]).toBeGreaterThanOrEqual(toMonotonic(startAt));
  expect(threadResult.finishedAt).toBeGreaterThanOrEqual(threadResult.endedAt[2]!);
  expect(threadResult.reads).toBeGreaterThan(0);
});

test("what never ended has no end, and text no number of input tokens", async () => {
  const { script, during } = cancelled(1, "enough");
  const { threadRuns } = await fly(script, { requests: 1, during });
  threadRuns[0]!.sentRequests[0]!.request.askedInputTokens = null;
  const threadResult = threadResultOf(threadRuns[0]!, performance.now(), HEALTH);
  expect([threadResult.endedAt[0], threadResult.askedInputTokens[0]]).toEqual([Number.NaN, -1]);
});

test("a result hands over the memory of every column, and can then be read on the other side alone", async () => {
  const { threadRuns } = await fly(answerWell, { requests: 2 });
  const threadResult = threadResultOf(threadRuns[0]!, performance.now(), HEALTH);
  const copy = structuredClone(threadResult, { transfer: buffersOf(threadResult) });
  expect([...copy.index]).toEqual([0, 1]);
  expect([...copy.health.sendDelaysMs]).toEqual([1, 2]);
  expect([threadResult.arrivals.length, threadResult.index.length]).toEqual([0, 0]);
});

test("tokens an event are kept for all requests as soon as one carried several", async () => {
  const several: Script = (response, index, request) => {
    if (index === 0) return answerWell(response, index, request);
    const event = {
      choices: [{ text: "xyz", finish_reason: "length" }],
      usage: { prompt_tokens: 5, completion_tokens: 3 },
    };
    response.writeHead(200).end(`data: ${JSON.stringify(event)}\n\ndata: [DONE]\n\n`);
  };
  const { threadRuns } = await fly(several, { requests: 2, order: { slots: 1 } });
  const { chunkTokens, arrivalCounts } = threadResultOf(threadRuns[0]!, performance.now(), HEALTH);
  expect([[...chunkTokens!], [...arrivalCounts]]).toEqual([
    [1, 1, 1, 3],
    [3, 1],
  ]);
});
