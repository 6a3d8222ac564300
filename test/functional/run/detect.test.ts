import { expect, test } from "vitest";
import { detectCapabilities } from "../../../src/functional/run/detect.ts";
import { chatAnswer, MODELS, type Says, scriptedApi } from "../../support/scripted-api.ts";

const lackingWith = async (pages: Readonly<Record<string, object>>) => {
  const says: Says = ({ path }) => (path === "/v1/models" ? [200, MODELS] : [200, pages[path] ?? chatAnswer()]);
  await using api = await scriptedApi(says);
  const { lacking } = await detectCapabilities(api.target());
  return ["tokenize", "detokenize"].map((name) => lacking.get(name as "tokenize"));
};

test("a page of the same name that answers otherwise is not vLLM's: llama.cpp's /tokenize lists tokens and counts none", async () => {
  expect(await lackingWith({ "/tokenize": { tokens: [] }, "/detokenize": { content: "a" } })).toEqual([
    "the answer has no count",
    "the answer has no prompt",
  ]);
  expect(await lackingWith({ "/tokenize": { count: 1, tokens: [5] }, "/detokenize": { prompt: "a" } })).toEqual([
    undefined,
    undefined,
  ]);
});
