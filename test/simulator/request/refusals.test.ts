import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ApiError } from "../../../src/simulator/request/api-error.ts";
import { parseGenerationRequest } from "../../../src/simulator/request/api-request.ts";

const model = { name: "tiny", maxModelLen: 2048, reasons: false, answers: [] };

/** What a body is refused with; null when it is not. */
function refusalOf(endpoint: "chat" | "completions", body: unknown): ApiError | null {
  try {
    parseGenerationRequest(endpoint, JSON.stringify(body), model, false);
    return null;
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

const chat = (body: object) => refusalOf("chat", { messages: [{ role: "user", content: "hi" }], ...body });
const completion = (body: object) => refusalOf("completions", { prompt: "hi", ...body });

interface Recorded {
  path: string;
  body: object;
  error: { code: number };
}

describe("a request that vLLM 0.32 refuses gets its very words", () => {
  const recorded: Recorded[] = JSON.parse(readFileSync("test/fixtures/vllm-0.32.0/refusals.json", "utf8"));
  test.each(recorded.map(({ path, body, error }) => [JSON.stringify(body).slice(0, 200), path, body, error] as const))(
    "%s",
    (_, path, body, error) => {
      const refusal = refusalOf(path === "/v1/completions" ? "completions" : "chat", body);
      expect(refusal?.status).toBe(error.code);
      expect(JSON.parse(refusal!.body())).toEqual({ error });
    },
  );
});

test.each([
  ["beam search", { use_beam_search: true, n: 2 }, /no beam search/],
  ["grammars", { structured_outputs: { grammar: 'root ::= "a"' } }, /no grammars/],
  ["structural tags", { response_format: { type: "structural_tag", format: {} } }, /no structural tags/],
  ["probabilities of chosen tokens", { logprob_token_ids: [1], logprobs: 1 }, /no probabilities of chosen tokens/],
  ["chunks of several tokens", { stream: true, stream_interval: 2 }, /no chunks of several tokens/],
  ["detection of repetitions", { repetition_detection: { max_pattern_size: 2 } }, /no detection of repetitions/],
])("what only vLLM can do is refused, never passed over: %s", (_, body, message) => {
  expect(completion(body)).toMatchObject({ status: 400, message: expect.stringMatching(message) });
});

test.each([
  ["ids beyond every vocabulary", { logit_bias: { "9999999": 1 } }, /out-of-vocab/],
  ["stop tokens beyond it", { stop_token_ids: [9_999_999] }, /out-of-vocab/],
  ["a pattern that looks ahead", { structured_outputs: { regex: "a(?=b)" } }, /^Grammar error: regex/],
  ["a schema that refers to itself without end", { structured_outputs: { json: { $ref: "#" } } }, /leads nowhere/],
  ["two forms", { structured_outputs: { choice: ["a"] }, response_format: { type: "json_object" } }, /multiple/],
  ["no form", { structured_outputs: {} }, /none are specified/],
])("%s are refused", (_, body, message) => {
  expect(completion(body)).toMatchObject({ status: 400, message: expect.stringMatching(message) });
});

test.each([
  ["an image", [{ type: "image_url", image_url: { url: "data:," } }], /tiny is not a multimodal model/],
  ["a part without a type", [{ text: "hi" }], /must have the type 'text'/],
  ["a bare string as a part", ["hi"], /must have the type 'text'/],
  ["a number", 5, /Input should be a valid string/],
])("a message of %s is refused", (_, content, message) => {
  expect(chat({ messages: [{ role: "user", content }] })).toMatchObject({
    status: 400,
    message: expect.stringMatching(message),
  });
});

test.each([
  ["unknown names, those of guided decoding too", { fooo: 1, guided_choice: ["a"], best_of: 2 }],
  ["numbers in text", { temperature: "0.5", max_tokens: "5", stream: "no" }],
  ["an unknown role, and no content", { messages: [{ role: "wizard" }] }],
  ["an assistant who said nothing", { messages: [{ role: "assistant", content: null }] }],
  [
    "a text in parts, or in none",
    {
      messages: [
        { role: "user", content: [{ type: "text", text: "a" }] },
        { role: "user", content: [] },
      ],
    },
  ],
  ["a bias beyond 100", { logit_bias: { "5": 101 } }],
  ["an empty name of the model", { model: "" }],
])("%s are taken, as by vLLM", (_, body) => {
  expect(chat(body)).toBeNull();
});

test("a request for more than the context has left gets what is left, as from vLLM 0.32", () => {
  const lengthOf = (prompt: number[], max_tokens: number) =>
    parseGenerationRequest("completions", JSON.stringify({ prompt, max_tokens }), model, false).choices[0]!.script
      .length;
  expect(lengthOf(Array(2045).fill(5), 100)).toBe(3);
  expect(completion({ prompt: Array(2048).fill(5), max_tokens: 1 })?.message).toMatch(
    /max_tokens must be at least 1, got 0/,
  );
  expect(completion({ prompt: Array(2049).fill(5), max_tokens: 1 })?.param).toBe("input_tokens");
});

test("a prompt is cut to the tokens asked for, at its beginning unless told otherwise", () => {
  const cut = (body: object) =>
    parseGenerationRequest("completions", JSON.stringify({ prompt: [1, 2, 3, 4], ...body }), model, false).choices[0]!
      .prompt;
  expect(cut({ truncate_prompt_tokens: 2 })).toEqual([3, 4]);
  expect(cut({ truncate_prompt_tokens: 2, truncation_side: "right" })).toEqual([1, 2]);
  expect(cut({ truncate_prompt_tokens: -1 })).toEqual([1, 2, 3, 4]);
});
