import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { JSON_HEADERS } from "../support/json-headers.ts";
import { type RunningSimulator, startSimulator } from "../support/simulator.ts";
import { streamEvents } from "../support/stream-events.ts";

let engine: RunningSimulator;
beforeAll(async () => {
  engine = await startSimulator("--model", "tiny-llama", "--preset", "tiny");
});
afterAll(() => engine[Symbol.asyncDispose]());

const post = (path: string, body: object) =>
  fetch(engine.url + path, { method: "POST", headers: JSON_HEADERS, body: JSON.stringify(body) });

interface Answer {
  choices: {
    index: number;
    text: string;
    token_ids: number[];
    prompt_token_ids: number[] | null;
    prompt_logprobs: object[];
    logprobs: {
      tokens: string[];
      content: object[];
      text_offset: number[];
      token_logprobs: (number | null)[];
      top_logprobs: (object | null)[];
    };
  }[];
  usage: object;
}

interface Tokenized {
  count: number;
  max_model_len: number;
  tokens: number[];
}

const answerTo = async (path: string, body: object) => (await (await post(path, body)).json()) as Answer;
const eightTokens = [1, 2, 3, 4, 5, 6, 7, 8];

describe("what clients ask for beside the text", () => {
  const completions = (body: object) => answerTo("/v1/completions", { prompt: eightTokens, max_tokens: 3, ...body });

  test("several answers to a prompt are told apart by index; the prompt counts once", async () => {
    const answer = await completions({ prompt: [eightTokens, [1, 2]], n: 2 });
    expect(answer.choices.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(answer.usage).toMatchObject({ prompt_tokens: 10, completion_tokens: 12 });
  });

  test("token ids are those of the prompt and one for each token, whole or streamed", async () => {
    const { choices } = await completions({ return_token_ids: true });
    expect(choices[0]!.prompt_token_ids).toEqual(eightTokens);
    expect(choices[0]!.token_ids).toHaveLength(3);
    const body = { prompt: eightTokens, max_tokens: 3, return_token_ids: true, stream: true };
    const stream = await (await post("/v1/completions", body)).text();
    const chunks = [...stream.matchAll(/^data: (\{.*)$/gm)].map(([, json]): Answer => JSON.parse(json!));
    expect(chunks.map((chunk) => chunk.choices[0]!.prompt_token_ids)).toEqual([eightTokens, null, null]);
    expect(chunks.flatMap((chunk) => chunk.choices[0]!.token_ids)).toEqual(choices[0]!.token_ids);
  });

  test("probabilities have the shapes of the two endpoints", async () => {
    const { choices } = await completions({ logprobs: 0, ignore_eos: true, min_tokens: 2 });
    expect(choices[0]!.logprobs.tokens.join("")).toBe(choices[0]!.text);
    expect(Object.keys(choices[0]!.logprobs)).toEqual(["text_offset", "token_logprobs", "tokens", "top_logprobs"]);
    const body = { messages: [{ role: "user", content: "hi" }], max_tokens: 2, logprobs: true, top_logprobs: 1 };
    const chat = await answerTo("/v1/chat/completions", body);
    expect(chat.choices[0]!.logprobs.content).toMatchObject([{ token: " this", logprob: 0 }, { token: " answer" }]);
  });
});

describe("what vLLM knows beside the text", () => {
  const completion = async (body: object) =>
    (await answerTo("/v1/completions", { max_tokens: 3, ...body })).choices[0]!;

  test("ids of an answer's tokens make its text again", async () => {
    const { text, token_ids } = await completion({ prompt: "hi", return_token_ids: true });
    const { prompt } = (await (await post("/detokenize", { tokens: token_ids })).json()) as { prompt: string };
    expect(prompt).toBe(text);
  });

  test("a repeated prompt comes before the answer, alone where no more is wanted, and is counted all the same", async () => {
    expect((await completion({ prompt: "hello", echo: true })).text).toBe("hello this answer is");
    const alone = await answerTo("/v1/completions", { prompt: "hello", echo: true, max_tokens: 0 });
    expect(alone).toMatchObject({
      choices: [{ text: "hello", finish_reason: "length" }],
      usage: { completion_tokens: 1 },
    });
    const stream = await (
      await post("/v1/completions", { prompt: "hello", echo: true, max_tokens: 2, stream: true })
    ).text();
    const texts = streamEvents<Answer>(stream).map(({ choices }) => choices[0]!.text);
    expect(texts).toEqual(["hello this", " answer"]);
  });

  test("probabilities are of as many tokens as asked for, with places in the text that streams count on", async () => {
    const { logprobs } = await completion({ prompt: "hello", echo: true, logprobs: 3 });
    expect(logprobs).toMatchObject({
      tokens: ["hell", "o", " this", " answer", " is"],
      text_offset: [0, 4, 5, 10, 17],
    });
    expect(logprobs.token_logprobs).toEqual([null, 0, 0, 0, 0]);
    expect(Object.values(logprobs.top_logprobs.at(-1)!)).toEqual([0, -9999, -9999]);
    const body = { prompt: "hello", max_tokens: 3, logprobs: 0, stream: true };
    const events = streamEvents<Answer>(await (await post("/v1/completions", body)).text());
    expect(events.flatMap(({ choices }) => choices[0]!.logprobs.text_offset)).toEqual([0, 5, 12]);
    const named = await completion({ prompt: [5], logprobs: 1, return_tokens_as_token_ids: true });
    expect(named.logprobs.tokens[0]).toMatch(/^token_id:\d+$/);
  });

  test("probabilities of the prompt are by token id, those of its first token unknown", async () => {
    const { prompt_logprobs } = await completion({ prompt: [7, 8], prompt_logprobs: 1 });
    expect(prompt_logprobs).toEqual([null, { "8": { logprob: 0, rank: 1, decoded_token: " 008" } }]);
  });

  test("a request names its answer, unless its header does", async () => {
    const body = { prompt: "hi", max_tokens: 1, request_id: "mine" };
    expect(await answerTo("/v1/completions", body)).toMatchObject({ id: "cmpl-mine" });
  });
});

describe("the tokenizer", () => {
  const tokenize = async (body: object) => (await (await post("/tokenize", body)).json()) as Tokenized;
  const detokenize = async (tokens: number[]) => (await (await post("/detokenize", { tokens })).json()) as object;

  test.each(["forty characters", "é模拟🤖 and more", "x"])("gives the text “%s” back, cut or whole", async (prompt) => {
    const { tokens, count, max_model_len } = await tokenize({ model: "tiny-llama", prompt });
    expect([tokens.length, max_model_len]).toEqual([count, 4096]);
    expect(count).toBe(Math.ceil(Buffer.byteLength(prompt) / 4));
    expect(await detokenize(tokens)).toEqual({ prompt });
  });

  test("makes text of any ids that counts as many tokens again", async () => {
    const { prompt } = (await detokenize([5, 1234, 99_999])) as { prompt: string };
    expect((await tokenize({ prompt })).count).toBe(3);
  });

  test("counts messages as the chat endpoint does", async () => {
    expect(await tokenize({ messages: [{ role: "user", content: "hi" }] })).toMatchObject({ count: 9 });
    expect((await post("/tokenize", {})).status).toBe(400);
  });
});

describe("the prefix cache", () => {
  const usage = async (name: string) => {
    const text = await (await fetch(`${engine.url}/metrics`)).text();
    return Number(
      text
        .split("\n")
        .find((line) => line.startsWith(`vllm:${name}{`))
        ?.split(" ")
        .at(-1),
    );
  };

  test("shows its hits in the metrics, and is emptied on demand", async () => {
    const prompt = Array.from({ length: 64 }, (_, i) => 5000 + i);
    const hitsOf = async () => {
      const before = await usage("prefix_cache_hits_total");
      await (await post("/v1/completions", { prompt, max_tokens: 1 })).text();
      return (await usage("prefix_cache_hits_total")) - before;
    };
    expect(await hitsOf()).toBe(0);
    expect(await hitsOf()).toBe(48);
    expect((await post("/reset_prefix_cache", {})).status).toBe(200);
    expect(await hitsOf()).toBe(0);
  });

  test("knows a text by its content", async () => {
    const prompt = "the same text of more than sixteen tokens, which are sixty-four characters of it ...";
    const before = await usage("prefix_cache_hits_total");
    for (const _ of [1, 2]) await (await post("/v1/completions", { prompt, max_tokens: 1 })).text();
    expect((await usage("prefix_cache_hits_total")) - before).toBe(16);
  });
});

test("/load counts the requests in hand", async () => {
  expect(await (await fetch(`${engine.url}/load`)).json()).toEqual({ server_load: 0 });
});
