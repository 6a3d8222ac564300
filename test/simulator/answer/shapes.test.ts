import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type SimulatorHere, simulatorHere } from "../../support/simulator-here.ts";

interface Recorded {
  path: string;
  body: { stream?: boolean };
  answer: string;
}

/** Keys in their order and types of values; of a list the first entry, of what has names of its own one. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== "object" || value === null) return value === null ? "null" : typeof value;
  const entries = Object.entries(value).map(([key, inner]) => [/^\d+$/.test(key) ? "token" : key, shapeOf(inner)]);
  return JSON.stringify(entries);
}

/** Names that the words of an answer make. */
const withoutWords = (text: string) => text.replace(/"top_logprobs":\[(null|,|\{[^}]*\})*\]/g, '"top_logprobs":[]');

/** Each shape once: how many tokens a text has is the tokenizer's. */
function shapesOf(answer: string, isStream: boolean): unknown[] {
  const texts = isStream ? answer.split("\n\n").filter((event) => event !== "") : [`data: ${answer}`];
  const shapes = texts.map((text) =>
    text === "data: [DONE]" ? text : shapeOf(JSON.parse(withoutWords(text.slice(6)))),
  );
  return [...new Set(shapes)];
}

describe("an answer has the shape of what vLLM 0.32 answers", () => {
  let engine: SimulatorHere;
  beforeAll(async () => {
    engine = await simulatorHere("--model", "tiny", "--preset", "tiny", "--max-model-len", "2048");
  });
  afterAll(() => engine[Symbol.asyncDispose]());

  const recorded: Recorded[] = JSON.parse(readFileSync("test/fixtures/vllm-0.32.0/answers.json", "utf8"));
  test.each(recorded.map(({ path, body, answer }) => [path, JSON.stringify(body), body, answer] as const))(
    "on %s to %s",
    async (path, _, body, answer) => {
      const response = await engine.post(path, body);
      expect(response.status).toBe(200);
      const isStream = body.stream === true;
      expect(shapesOf(await response.text(), isStream)).toEqual(shapesOf(answer, isStream));
    },
  );
});
