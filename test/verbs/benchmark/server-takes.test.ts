import { createFixture } from "fs-fixture";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import type { Cell } from "../../../src/result/document/cell.ts";
import { gateCell } from "../../../src/result/gate/gate.ts";
import { latencySweep } from "../../../src/verbs/latency-sweep/latency-sweep.ts";
import { throughputBenchmark } from "../../../src/verbs/throughput-benchmark/throughput-benchmark.ts";
import { readCells } from "../../../src/working-folder/cells.ts";
import { type Picky, pickyServer } from "../../support/picky-server.ts";
import { recordingTools } from "../../support/recording-tools.ts";
import {
  DYNAMO,
  LLAMA_CPP,
  MIN_TOKENS,
  OLD_CHAT,
  SGLANG_ROUTER,
  SMALL_VOCABULARY,
  SMG,
  TRANSFORMERS,
  VLLM,
} from "../../support/server-kinds.ts";
import { FAST, serve } from "../../support/simulated-room.ts";

let folder: Awaited<ReturnType<typeof createFixture>>;
beforeEach(async () => {
  folder = await createFixture();
});
afterEach(() => folder.rm());

const SERVE = { ...FAST, pairs: "30:4", telemetry: "false", model: "m" };

/** What a benchmark makes of a server: its cells, and what the server got. */
async function measured(picky: Picky, given: object = {}) {
  await using server = await pickyServer(picky);
  const tools = recordingTools();
  await serve({ output: folder.path, baseUrl: server.baseUrl, ...SERVE, ...given }, tools);
  return { ...(await result()), received: server.received, said: tools.said.join("\n") };
}

async function result() {
  const [cell] = await readCells(folder.path);
  return { cell: cell!, gated: gateCell(cell!) };
}

const takesOf = (cell: Cell) => cell.takes;
/** Requests of the load: 12 and 2 of warm-up. The others asked what is taken. */
const LOAD = 14;

describe("a server is asked before the first cell what it takes, and", () => {
  test("one that takes everything gets two tiny requests, and the cell that it always had", async () => {
    const { cell, gated, received, said } = await measured(VLLM);
    expect(gated.status).toBe("ok");
    expect(received).toHaveLength(LOAD + 2);
    expect(cell.params).not.toHaveProperty("lengths");
    expect(cell.params).not.toHaveProperty("prompts");
    expect(takesOf(cell)).toEqual({
      tokenIds: { lowest: 1000, highest: 9999 },
      limit: "max_tokens",
      exactLengths: "ignore_eos",
      asksUsage: true,
      done: true,
      refused: {},
    });
    expect(said).not.toContain("refuses");
  });

  test.each([
    ["is told", LLAMA_CPP, 512],
    ["has to be found", SMALL_VOCABULARY, 777],
  ])("gets token ids of its vocabulary, whose size %s", async (_, picky, size) => {
    const { cell, gated, received } = await measured(picky);
    expect(gated.status).toBe("ok");
    expect(takesOf(cell)?.tokenIds).toEqual({ lowest: Math.ceil(size / 10), highest: size - 1 });
    expect(received.slice(-LOAD).every(({ prompt }) => Array.isArray(prompt) && prompt.length === 30)).toBe(true);
    expect(cell.params).not.toHaveProperty("prompts");
  });

  test.each([
    ["sglang-router", SGLANG_ROUTER],
    ["smg", SMG],
  ])("gets text where it refuses ids, as %s does: lengths are then a result", async (_, picky) => {
    const { cell, gated, said } = await measured(picky);
    expect(cell.params).toMatchObject({ prompts: "text", inputLen: 30 });
    expect(cell.params).not.toHaveProperty("lengths");
    expect(gated).toMatchObject({ status: "ok", metrics: { input_tokens: { p50: 7 } } });
    expect(gated.status === "ok" && gated.metrics).not.toHaveProperty("output_tokens");
    expect(takesOf(cell)?.refused["token ids"]).toMatch(/^HTTP 4\d\d: /);
    expect(said).toContain("warning: prompts are text");
  });

  test("gets no ignore_eos where it refuses that, as transformers serve does: such cells are series of their own", async () => {
    const { cell, gated, received } = await measured(TRANSFORMERS);
    expect(cell.params).toMatchObject({ prompts: "text", lengths: "natural", outputLen: 4 });
    expect(gated).toMatchObject({ status: "ok", metrics: { output_tokens: { mean: 3.5, p99: 4 } } });
    expect(takesOf(cell)).toMatchObject({ tokenIds: null, exactLengths: null, asksUsage: true, done: false });
    expect(takesOf(cell)?.refused).toMatchObject({
      ignore_eos: "HTTP 422: Unexpected keys in the request: {'ignore_eos'}",
      min_tokens: "HTTP 422: Unexpected keys in the request: {'min_tokens'}",
    });
    expect(received.slice(-LOAD).every((question) => !("ignore_eos" in question))).toBe(true);
  });

  test("gets min_tokens where that alone makes lengths exact", async () => {
    const { cell, gated, received } = await measured(MIN_TOKENS);
    expect(gated.status).toBe("ok");
    expect(cell.params).toMatchObject({ lengths: "min_tokens" });
    expect(received.at(-1)).toMatchObject({ max_tokens: 4, min_tokens: 4 });
  });

  test("gets max_tokens in a chat where it knows no other limit", async () => {
    const { cell, gated, received } = await measured(OLD_CHAT, { endpoint: "chat" });
    expect(gated.status).toBe("ok");
    expect(takesOf(cell)).toMatchObject({ limit: "max_tokens", exactLengths: "ignore_eos" });
    expect(takesOf(cell)).not.toHaveProperty("tokenIds");
    expect(received.at(-1)).not.toHaveProperty("max_completion_tokens");
    expect(cell.params).not.toHaveProperty("lengths");
  });

  test("is asked no more for usage that comes unasked, where it refuses stream_options", async () => {
    const refuse: Picky["refuse"] = ({ stream_options: options }) =>
      options === undefined ? undefined : [422, { detail: "stream_options: extra fields not permitted" }];
    const { cell, gated } = await measured({ usage: "on the finish", refuse });
    expect(gated.status).toBe("ok");
    expect(takesOf(cell)).toMatchObject({ asksUsage: false });
  });

  test("is not asked for ids where nobody sends any", async () => {
    await folder.writeFile("p.jsonl", '{"prompt": "Why?"}\n{"prompt": "How?"}\n');
    const given = { dataset: `jsonl:${folder.getPath("p.jsonl")}`, datasetOutputLen: "4", pairs: undefined };
    const { cell, gated, received } = await measured(SMG, given);
    expect(gated.status).toBe("ok");
    expect(cell.params).not.toHaveProperty("prompts");
    expect(received).toHaveLength(LOAD + 2);
  });
});

describe("one line says what is refused that a cell cannot do without:", () => {
  test.each<[string, Picky, object, RegExp]>([
    [
      "usage",
      { usage: "never" },
      {},
      /cannot be measured: stream_options is refused \(taken, but no usage comes\), without which streams hold no usage/,
    ],
    [
      "the user's own token ids",
      SMG,
      { dataset: "jsonl:IDS", pairs: undefined },
      /token ids as prompt are refused: HTTP 400: prompt must be a string; give text/,
    ],
    [
      "a field that is always sent",
      { refuse: ({ temperature }) => (temperature === undefined ? undefined : [400, { message: "no temperature" }]) },
      {},
      /temperature is refused: HTTP 400: no temperature/,
    ],
    [
      "the usage of each chunk",
      {
        usage: "on the finish",
        refuse: ({ stream_options }) => (stream_options ? [422, { detail: "extra" }] : undefined),
      },
      { continuousUsage: "true" },
      /stream_options is refused \(HTTP 422: extra\), without which there is no --continuous-usage/,
    ],
    [
      "the endpoint",
      { refuse: (_, path) => (path.includes("chat") ? undefined : [404, { detail: "Not Found" }]) },
      {},
      /\/v1\/completions answers HTTP 404: Not Found; --endpoint chat asks at the other one/,
    ],
    [
      "everything",
      { refuse: () => [400, { message: "no" }] },
      {},
      /even the plainest request is refused: HTTP 400: no/,
    ],
  ])("%s", async (_, picky, given, message) => {
    await folder.writeFile("ids.jsonl", '{"prompt": [1, 2, 3]}\n');
    const ids = { ...given, ...("dataset" in given ? { dataset: `jsonl:${folder.getPath("ids.jsonl")}` } : {}) };
    const { gated } = await measured(picky, ids);
    expect(gated).toMatchObject({
      status: "failed",
      reason: "incomplete_requests",
      detail: expect.stringMatching(message),
    });
    expect(gated.status === "failed" && gated.detail.includes("\n")).toBe(false);
  });
});

test("a server that breaks at every request shows in its cells, as ever", async () => {
  const { cell, gated } = await measured({ refuse: () => [500, { message: "broken" }] });
  expect(gated).toMatchObject({ status: "failed", detail: expect.stringContaining("http_500 ×12") });
  expect(takesOf(cell)).toBeUndefined();
});

test("natural lengths that go beyond what was asked for are still wrong", async () => {
  const tooLong: Picky = { ...TRANSFORMERS, length: (asked) => (asked > 2 ? asked + 1 : asked) };
  expect((await measured(tooLong)).gated).toMatchObject({
    status: "failed",
    detail: expect.stringContaining("wrong_length ×12"),
  });
});

/** Server ways of the batch benchmarks. */
async function swept(picky: Picky, given: object = {}) {
  await using server = await pickyServer(picky);
  const inputs = {
    output: folder.path,
    mode: "server",
    baseUrl: server.baseUrl,
    model: "m",
    inputLen: "5",
    outputLen: "4",
  };
  const sweep = { batchSizes: "2", warmup: "1", iterations: "2", ...given };
  await latencySweep.run(z.strictObject(latencySweep.inputs.shape).parse({ ...inputs, ...sweep }), recordingTools());
  return { ...(await result()), received: server.received };
}

describe("a latency sweep of a server", () => {
  test.each([
    ["takes everything", VLLM, {}],
    ["refuses fields by name", DYNAMO, {}],
    ["refuses ids", SMG, { prompts: "text" }],
    ["refuses ids and ignore_eos", TRANSFORMERS, { prompts: "text", lengths: "natural" }],
  ])("that %s is measured with what it takes", async (_, picky, params) => {
    const { cell, gated } = await swept(picky);
    expect(gated.status).toBe("ok");
    expect(cell.params).toMatchObject(params);
    expect(Object.keys(cell.params).filter((name) => name === "prompts" || name === "lengths")).toEqual(
      Object.keys(params),
    );
  });

  test("says which field is refused", async () => {
    expect((await swept(DYNAMO, { detokenize: "false" })).gated).toMatchObject({
      status: "failed",
      detail: expect.stringContaining("detokenize is refused: HTTP 400: Unsupported parameter: detokenize"),
    });
  });
});

test("a throughput benchmark takes what is taken, too", async () => {
  await using server = await pickyServer(TRANSFORMERS);
  const given = {
    ...{ output: folder.path, mode: "server", baseUrl: server.baseUrl, model: "m", inputLen: "5", outputLen: "4" },
    ...{ throughputPrompts: "6", warmupRequests: "1", telemetry: "false", clientLimits: "off" },
  };
  const inputs = z.strictObject(throughputBenchmark.inputs.shape).parse(given);
  await throughputBenchmark.run(inputs, recordingTools());
  const { cell, gated } = await result();
  expect(cell.params).toMatchObject({ prompts: "text", lengths: "natural" });
  expect(gated).toMatchObject({ status: "ok", metrics: { input_tokens: {}, output_tokens: {} } });
});

test("a server that refuses what it does not know, as Dynamo's frontend, takes all that is sent", async () => {
  const { cell, gated } = await measured(DYNAMO);
  expect(gated.status).toBe("ok");
  expect(takesOf(cell)).toMatchObject({ exactLengths: "ignore_eos", refused: {} });
});
