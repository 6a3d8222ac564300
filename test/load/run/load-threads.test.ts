import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { LoadThreads } from "../../../src/load/run/load-threads.ts";
import { runLoad } from "../../../src/load/run/run-load.ts";
import type { LoadPlan } from "../../../src/workload/load-plan.ts";
import { answerWell, type Script, scriptedServer } from "../scripted-server.ts";

const PLAN = {
  model: "m",
  endpoint: "completions",
  bound: { kind: "requests", count: 40 },
  prompts: { kind: "random", inputLen: 5, outputLen: 3, rangeRatio: 0, sharedPrefix: 0 },
  temperature: 0,
  continuousUsage: false,
  seed: 1,
  warmupRequests: 3,
  requestTimeoutSeconds: 30,
} as const;

const slowly: Script = async (response, index, request) => {
  await pause(5);
  await answerWell(response, index, request);
};

async function loadWith(count: number, script: Script, plan: Partial<LoadPlan> & Pick<LoadPlan, "load">) {
  const threads = new LoadThreads(count);
  await using server = await scriptedServer(script);
  const signal = new AbortController().signal;
  try {
    const result = await runLoad({ ...PLAN, baseUrl: server.baseUrl, ...plan }, threads, { signal });
    return { ...result, received: server.received, mostOpen: server.mostOpen() };
  } finally {
    await threads.close();
  }
}

test("several threads share one concurrency and every request, none twice", async () => {
  const { samples, health, received, mostOpen } = await loadWith(3, slowly, {
    load: { kind: "closed-loop", concurrency: 7 },
  });
  expect(samples.errors).toEqual(Array(40).fill(null));
  expect(mostOpen).toBe(7);
  const measured = received.slice(PLAN.warmupRequests).map(({ body }) => body.prompt.join());
  expect(new Set(measured).size).toBe(40);
  expect(health.threads).toBe(3);
});

test("a concurrency below the threads leaves some of them without work", async () => {
  const { samples, mostOpen } = await loadWith(3, slowly, {
    load: { kind: "closed-loop", concurrency: 1 },
    warmupRequests: 0,
  });
  expect([samples.errors.filter((error) => error === null).length, mostOpen]).toEqual([40, 1]);
});

test("several threads keep one schedule, in order and never early", async () => {
  const { samples } = await loadWith(2, answerWell, {
    load: { kind: "open-loop", arrivals: { kind: "rate", requestRate: 400, burstiness: 1 } },
  });
  expect(samples.errors).toEqual(Array(40).fill(null));
  for (const [index, sent] of samples.sentMs.entries()) {
    expect(sent).toBeGreaterThanOrEqual(samples.scheduledMs[index]!);
    expect(sent).toBeLessThan(samples.firstTokenMs[index]!);
  }
});

test("the same seed sends the same prompts, whatever the threads", async () => {
  const prompts = async (threads: number) => {
    const { received } = await loadWith(threads, answerWell, { load: { kind: "closed-loop", concurrency: 4 } });
    return received.map(({ body }) => body.prompt.join()).toSorted();
  };
  expect(await prompts(2)).toEqual(await prompts(1));
});

test("a closed loop bounded by time sends until then, each prompt once, and waits for what is open", async () => {
  const { samples, received } = await loadWith(2, slowly, {
    load: { kind: "closed-loop", concurrency: 4 },
    bound: { kind: "seconds", seconds: 0.3 },
    warmupRequests: 0,
  });
  expect(samples.errors.length).toBeGreaterThan(4);
  expect(samples.errors.every((error) => error === null)).toBe(true);
  // A busy machine can hold a thread up between its look at the clock and the stamp: one request each at most.
  expect(samples.sentMs.filter((sent) => sent! >= 300).length).toBeLessThanOrEqual(2);
  expect(samples.askedOutputTokens).toEqual(Array(samples.errors.length).fill(3));
  expect(new Set(received.map(({ body }) => body.prompt.join())).size).toBe(samples.errors.length);
});

test("a closed loop bounded by time gives up on a server that refuses everything", async () => {
  const closed = await scriptedServer(answerWell);
  await closed[Symbol.asyncDispose]();
  const threads = new LoadThreads(1);
  const plan = {
    ...PLAN,
    load: { kind: "closed-loop", concurrency: 2 },
    bound: { kind: "seconds", seconds: 600 },
    warmupRequests: 0,
  } as const;
  const signal = new AbortController().signal;
  const { samples } = await runLoad({ ...plan, baseUrl: closed.baseUrl }, threads, { signal });
  await threads.close();
  expect(samples.errors.length).toBeLessThan(200);
  expect(samples.errors.every((error) => error?.startsWith("refused:"))).toBe(true);
});

test.each(["while it measures", "between two measurements"])(
  "a thread that dies %s fails it instead of hanging it",
  async (when) => {
    const threads = new LoadThreads(1);
    const plan = { ...PLAN, load: { kind: "closed-loop", concurrency: 1 }, baseUrl: "http://127.0.0.1:9" } as const;
    if (when === "between two measurements") await threads.close();
    const running = runLoad(plan, threads, { signal: new AbortController().signal });
    const failed = expect(running).rejects.toThrow("a load thread ended: exit code");
    await threads.close();
    await failed;
  },
);
