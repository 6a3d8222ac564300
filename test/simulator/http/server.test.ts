import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { JSON_HEADERS } from "../../support/json-headers.ts";
import { type RunningSimulator, startSimulator } from "../../support/simulator.ts";
import { simulatorHere } from "../../support/simulator-here.ts";

const recorded = (name: string) => readFileSync(`test/fixtures/vllm-0.32.0/${name}`, "utf8");

let engine: RunningSimulator;
beforeAll(async () => {
  engine = await startSimulator("--model", "tiny-llama", "--preset", "tiny");
});
afterAll(() => engine[Symbol.asyncDispose]());

const post = (path: string, body: unknown) =>
  fetch(engine.url + path, {
    method: "POST",
    headers: JSON_HEADERS,
    body: typeof body === "string" ? body : JSON.stringify(body),
  });

interface Chunk {
  id?: string;
  created?: number;
  system_fingerprint?: string;
  choices: { index: number; text?: string; message?: { content: string }; delta?: { content: string } }[];
  usage?: { prompt_tokens: number; completion_tokens: number; total_tokens: number };
}

const eventsOf = (sse: string) => sse.split("\n\n").filter((event) => event !== "");
const chunksOf = (sse: string): Chunk[] =>
  eventsOf(sse)
    .filter((event) => event !== "data: [DONE]")
    .map((event) => JSON.parse(event.replace(/^data: /, "")));

/** All but what differs from answer to answer: identity, time, build and words; the order of the keys stays. */
function comparable(answer: Chunk): string {
  const blank = ["id", "created", "system_fingerprint", "text", "content"];
  return JSON.stringify(answer, (key, value) => (blank.includes(key) ? typeof value : value));
}

const eightTokens = [1, 2, 3, 4, 5, 6, 7, 8];

describe("a streamed answer", () => {
  test("of completions is, event by event, what vLLM sends", async () => {
    const stream_options = { include_usage: true, continuous_usage_stats: true };
    const body = { model: "tiny-llama", prompt: eightTokens, max_tokens: 4, stream: true, stream_options };
    const response = await post("/v1/completions", body);
    expect(response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    const text = await response.text();
    expect(chunksOf(text).map(comparable)).toEqual(chunksOf(recorded("stream_completions.sse")).map(comparable));
    expect(text.endsWith("\n\ndata: [DONE]\n\n")).toBe(true);
  });

  test("of chat is, event by event, what vLLM sends", async () => {
    const messages = [{ role: "user", content: "forty characters, that is ten tokens !!!" }];
    const body = { messages, max_completion_tokens: 4, stream: true, stream_options: { include_usage: true } };
    const text = await (await post("/v1/chat/completions", body)).text();
    expect(chunksOf(text).map(comparable)).toEqual(chunksOf(recorded("stream_chat.sse")).map(comparable));
    expect(text.endsWith("\n\ndata: [DONE]\n\n")).toBe(true);
  });

  test("has no usage unless asked for", async () => {
    const text = await (await post("/v1/completions", { prompt: "hello", max_tokens: 3, stream: true })).text();
    expect(chunksOf(text)).toHaveLength(3);
    expect(text).not.toContain("usage");
  });

  test("counts chat tokens on the way when asked to", async () => {
    const stream_options = { include_usage: true, continuous_usage_stats: true };
    const messages = [{ role: "user", content: [{ type: "text", text: "12345678" }] }];
    const body = { messages, max_tokens: 2, stream: true, stream_options };
    const chunks = chunksOf(await (await post("/v1/chat/completions", body)).text());
    expect(chunks.map(({ usage }) => usage?.completion_tokens)).toEqual([0, 1, 2, 2]);
    expect(chunks.map(({ usage }) => usage?.prompt_tokens)).toEqual([10, 10, 10, 10]);
  });

  test("to several prompts tells their tokens apart by index and sums their usage", async () => {
    const prompt = [eightTokens, [1, 2, 3]];
    const body = { prompt, max_tokens: 5, stream: true, stream_options: { include_usage: true } };
    const chunks = chunksOf(await (await post("/v1/completions", body)).text());
    const indexes = chunks.flatMap(({ choices }) => choices.map(({ index }) => index));
    expect(indexes.toSorted()).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    expect(chunks.at(-1)?.usage).toEqual({ prompt_tokens: 11, completion_tokens: 10, total_tokens: 21 });
  });

  test("brings each of many clients all its tokens", async () => {
    const lengths = Array.from({ length: 40 }, (_, i) => i + 1);
    const ask = async (max_tokens: number) => {
      const body = { prompt: eightTokens, max_tokens, ignore_eos: true, stream: true };
      return chunksOf(await (await post("/v1/completions", body)).text()).length;
    };
    expect(await Promise.all(lengths.map(ask))).toEqual(lengths);
  });
});

describe("a whole answer", () => {
  test("of completions has vLLM's shape and exact counts", async () => {
    const answer = (await (await post("/v1/completions", { prompt: eightTokens, max_tokens: 4 })).json()) as Chunk;
    expect(comparable(answer)).toBe(comparable(JSON.parse(recorded("completion.json"))));
  });

  test.each([
    ["text", "twelve chars", 3, 1],
    ["a list of texts", ["twelve chars", "four"], 4, 2],
    ["token ids", [5, 6, 7], 3, 1],
    ["a list of token ids", [[5, 6, 7], [8]], 4, 2],
  ])("takes a prompt as %s", async (_, prompt, promptTokens, choices) => {
    const answer = (await (await post("/v1/completions", { prompt, max_tokens: 2 })).json()) as Chunk;
    expect(answer.usage).toMatchObject({ prompt_tokens: promptTokens, completion_tokens: 2 * choices });
    expect(answer.choices.map(({ index }) => index)).toEqual(Array.from({ length: choices }, (_, i) => i));
  });

  test("of chat says in its text and its fingerprint that it is simulated", async () => {
    const body = { messages: [{ role: "user", content: "hi" }], max_tokens: 7 };
    const answer = (await (await post("/v1/chat/completions", body)).json()) as Chunk;
    expect(answer.choices[0]?.message?.content).toContain("simulated");
    expect(answer).toMatchObject({ object: "chat.completion", system_fingerprint: "simulated" });
  });

  test("without a number of tokens has 16 of completions and all that fits of chat", async () => {
    const completion = (await (await post("/v1/completions", { prompt: "hi" })).json()) as Chunk;
    expect(completion.usage?.completion_tokens).toBe(16);
    await using short = await startSimulator("--max-model-len", "50");
    const body = JSON.stringify({ messages: [{ role: "user", content: "hi" }] });
    const response = await fetch(`${short.url}/v1/chat/completions`, { method: "POST", headers: JSON_HEADERS, body });
    expect(((await response.json()) as Chunk).usage).toMatchObject({ prompt_tokens: 9, total_tokens: 50 });
  });
});

describe("a request it cannot serve", () => {
  test.each([
    ["an unknown model", { model: "nope", prompt: "hi" }, "error_unknown_model.txt"],
    ["a negative temperature", { prompt: "hi", temperature: -3 }, "error_bad_param.txt"],
    ["more tokens than the model's context", { prompt: "hi", max_tokens: 99999 }, "error_too_long.txt"],
  ])("for %s gets vLLM's very answer", async (_, body, file) => {
    const [json, status] = recorded(file).trim().split("\nHTTP ");
    const response = await post("/v1/completions", body);
    expect(response.status).toBe(Number(status));
    expect(await response.json()).toEqual(JSON.parse(json as string));
  });

  test("that is no JSON is told where it is none", async () => {
    const response = await fetch(`${engine.url}/v1/completions`, { method: "POST", headers: JSON_HEADERS, body: "{" });
    const { error } = (await response.json()) as { error: { message: string; param: string } };
    expect([response.status, error.param]).toEqual([400, "body.1"]);
    expect(error.message).toContain("'type': 'json_invalid', 'loc': 'body.1', 'msg': 'JSON decode error'");
  });

  test("that does not say it is JSON, or is no text, is not read", async () => {
    const send = (body: string | Uint8Array<ArrayBuffer>, type: string) =>
      fetch(`${engine.url}/v1/completions`, { method: "POST", headers: { "content-type": type }, body });
    const answers = await Promise.all([
      send('{"prompt":"a"}', "text/plain"),
      send(Uint8Array.of(0x7b, 0xff, 0x7d), "application/json; charset=utf-8"),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([400, 400]);
    expect(await answers[0]!.text()).toContain("Unsupported Media Type: Only 'application/json' is allowed");
    expect(await answers[1]!.json()).toEqual({ detail: "There was an error parsing the body" });
  });

  test("at an unknown path or with a wrong method gets 404 and 405 in the words of the web framework", async () => {
    const paths = ["nothing", "v1/models/tiny-llama", "v1/embeddings", "v1/completions"];
    const answers = await Promise.all(paths.map((path) => fetch(`${engine.url}/${path}`)));
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 405]);
    expect(await answers[0]!.json()).toEqual({ detail: "Not Found" });
    expect(await answers[3]!.json()).toEqual({ detail: "Method Not Allowed" });
  });
});

test("a key is asked for below /v1 alone", async () => {
  await using locked = await simulatorHere("--api-key", "secret");
  const ask = (path: string, authorization: string) => fetch(locked.url + path, { headers: { authorization } });
  const refused = await ask("/v1/models", "Bearer wrong");
  expect([refused.status, await refused.json()]).toEqual([401, { error: "Unauthorized" }]);
  const answers = await Promise.all([ask("/v1/models", ""), ask("/v1/models", "bearer secret"), ask("/health", "")]);
  expect(answers.map(({ status }) => status)).toEqual([401, 200, 200]);
});
