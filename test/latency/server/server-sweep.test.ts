import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import type { ServerTarget } from "../../../src/latency/server/server-batches.ts";
import { sweepServer } from "../../../src/latency/server/server-sweep.ts";
import type { SizeResult, SweepPlan } from "../../../src/latency/sweep.ts";
import { type SweepAxes, sweepCells } from "../../../src/latency/sweep-cells.ts";

const AXES: SweepAxes = {
  batchSizes: [1, 3],
  inputLen: [4],
  outputLen: [2],
  n: [1],
  temperature: [1],
  topP: [1],
  detokenize: true,
  beamSearch: false,
};
const COUNTS = { warmup: 1, iterations: 2, seed: 0, profileDir: null };
const batchOf = (id: string) => Number(/_bs_(\d+)/.exec(id)![1]);

/**
 * A completions server that remembers prompts. It answers three batches of 1, then batches of 3, each only when the whole
 * batch is there: a client that sends one request after the other would wait for ever.
 */
async function serve(answer?: RequestListener) {
  const prompts: number[][] = [];
  let held: (() => void)[] = [];
  const server = createServer(async (request, response) => {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
    prompts.push(body.prompt);
    if (answer !== undefined) return answer(request, response);
    held.push(() => response.end(JSON.stringify({ usage: { prompt_tokens: 4, completion_tokens: body.max_tokens } })));
    const batch = (prompts.length - 1) % 12 < 3 ? 1 : 3;
    if (held.length < batch) return;
    for (const release of held) release();
    held = [];
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { target: { baseUrl, model: "m", requestTimeout: 30 }, prompts, [Symbol.dispose]: () => void server.close() };
}

async function sweep(
  target: ServerTarget,
  over: Partial<SweepAxes & SweepPlan> = {},
  signal = new AbortController().signal,
) {
  const results: SizeResult[] = [];
  const progress: number[] = [];
  const watcher = {
    onSize: async (result: SizeResult) => void results.push(result),
    onIteration: (done: number) => void progress.push(done),
  };
  await sweepServer(target, { ...COUNTS, ...over, cells: sweepCells({ ...AXES, ...over }) }, watcher, signal);
  return { results, progress };
}

test("sends a batch as requests at once, and measures every size with its warm-up apart", async () => {
  using server = await serve();
  const { results, progress } = await sweep(server.target);
  expect(results.map(({ status, cell, latenciesS }) => [status, batchOf(cell), latenciesS.length])).toEqual([
    ["measured", 1, 2],
    ["measured", 3, 2],
  ]);
  expect(server.prompts).toHaveLength(3 * (1 + 3));
  expect(progress).toEqual([1, 2, 3, 4, 5, 6]);
  expect(results[1]).toMatchObject({ inputTokens: [4, 4, 4], outputTokens: [2, 2, 2] });
});

test("never sends the same prompt twice, and the same prompts again with the same seed", async () => {
  using server = await serve();
  await sweep(server.target, { inputLen: [16] });
  const first = server.prompts.map((prompt) => prompt.join());
  expect(new Set(first).size).toBe(first.length);
  await sweep(server.target, { inputLen: [16] });
  expect(new Set(server.prompts.map((prompt) => prompt.join()))).toEqual(new Set(first));
  expect(server.prompts.flat().every((id) => Number.isInteger(id) && id >= 1000 && id <= 9999)).toBe(true);
});

test("an error answer fails its size with the server's words, and the next size is still tried", async () => {
  using server = await serve((_, response) => response.writeHead(500).end("KV cache is full"));
  const { results } = await sweep(server.target);
  expect(results).toMatchObject([
    { status: "failed", cell: "latency-sweep/in_4_out_2_bs_1", error: "HTTP 500: KV cache is full" },
    { status: "failed", cell: "latency-sweep/in_4_out_2_bs_3" },
  ]);
});

test("an answer that is no completion fails its size", async () => {
  using server = await serve((_, response) => response.end("{}"));
  const { results } = await sweep(server.target, { batchSizes: [1] });
  expect(results[0]).toMatchObject({ status: "failed", error: expect.stringContaining("not a completion") });
});

test("an unreachable server fails its size with the cause", async () => {
  const { results } = await sweep(
    { baseUrl: "http://127.0.0.1:9", model: "m", requestTimeout: 30 },
    { batchSizes: [1] },
  );
  expect(results[0]).toMatchObject({ status: "failed", error: expect.stringContaining("ECONNREFUSED") });
});

test("an abort ends the open requests and keeps the sizes that were through", async () => {
  const stop = new AbortController();
  using server = await serve(() => stop.abort());
  const { results } = await sweep(server.target, {}, stop.signal);
  expect(results).toMatchObject([{ status: "failed", cell: "latency-sweep/in_4_out_2_bs_1", latenciesS: [] }]);
});

test("a failed request ends the others of its batch before the next size begins", async () => {
  let open = 0;
  const openAtStart: number[] = [];
  let first = true;
  using server = await serve((request, response) => {
    openAtStart.push(open++);
    response.on("close", () => open--);
    if (first) response.writeHead(500).end("the first one fails");
    else if (openAtStart.length > 3)
      response.end(JSON.stringify({ usage: { prompt_tokens: 4, completion_tokens: 2 } }));
    first = false;
    request.resume();
  });
  // Longer than the test: the others are not ended by their own limit.
  const target = { ...server.target, requestTimeout: 600 };
  const { results } = await sweep(target, { batchSizes: [3, 4], warmup: 0, iterations: 1 });
  expect(results[0]).toMatchObject({ status: "failed", error: "HTTP 500: the first one fails" });
  expect(results[1]).toMatchObject({ status: "measured" });
  expect(Math.max(...openAtStart.slice(3))).toBeLessThan(4);
});

test("a connection that the server closed after an answer costs no batch", async () => {
  const received = new Map<unknown, number>();
  using server = await serve((request, response) => {
    const turn = (received.get(request.socket) ?? 0) + 1;
    received.set(request.socket, turn);
    if (turn > 1) request.socket.destroy();
    else response.end(JSON.stringify({ usage: { prompt_tokens: 4, completion_tokens: 2 } }));
  });
  const { results } = await sweep(server.target);
  expect(results).toMatchObject([{ status: "measured" }, { status: "measured" }]);
  expect(received.size).toBeGreaterThan(3);
});

test("a server that closes every connection without an answer fails its size", async () => {
  using server = await serve((request) => void request.socket.destroy());
  const { results } = await sweep(server.target, { batchSizes: [1] });
  expect(results[0]).toMatchObject({ status: "failed", error: expect.stringMatching(/closed|ECONNRESET/) });
});

test("a server that never answers is a timeout of the client", async () => {
  using server = await serve(() => {});
  const { results } = await sweep({ ...server.target, requestTimeout: 1 }, { batchSizes: [1] });
  expect(results[0]).toMatchObject({ status: "failed", reason: "client_timeout" });
});

test("an iteration that fell short stands for all, so that the gate sees it", async () => {
  let answers = 0;
  using server = await serve((_, response) => {
    const completion_tokens = ++answers === 2 ? 1 : 2;
    response.end(JSON.stringify({ usage: { prompt_tokens: 4, completion_tokens } }));
  });
  const { results } = await sweep(server.target, { batchSizes: [1], warmup: 0, iterations: 3 });
  expect(results[0]).toMatchObject({ status: "measured", outputTokens: [1] });
});

test("sequences a prompt and a beam search are asked of the server, and their tokens are counted together", async () => {
  const bodies: { n?: number; use_beam_search?: boolean; temperature: number }[] = [];
  const server = createServer(async (request, response) => {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
    bodies.push(body);
    const completion_tokens = (body.n ?? 1) * body.max_tokens;
    response.end(JSON.stringify({ usage: { prompt_tokens: body.prompt.length, completion_tokens } }));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const axes = { batchSizes: [1], n: [3], temperature: [0], beamSearch: true, warmup: 0, iterations: 1 };
  const { results } = await sweep({ baseUrl, model: "m", requestTimeout: 30 }, axes);
  server.close();
  expect(results).toMatchObject([{ status: "measured", outputTokens: [6] }]);
  expect(bodies).toMatchObject([{ n: 3, use_beam_search: true, temperature: 0 }]);
});

test("a server that says it ran out of memory fails the size as out_of_memory", async () => {
  using server = await serve((_, response) =>
    response.writeHead(500).end("CUDA out of memory. Tried to allocate 2 GiB"),
  );
  const { results } = await sweep(server.target, { batchSizes: [1] });
  expect(results[0]).toMatchObject({ status: "failed", reason: "out_of_memory" });
});
