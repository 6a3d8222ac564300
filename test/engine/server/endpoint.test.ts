import { expect, test } from "vitest";
import { askEngine } from "../../../src/engine/server/endpoint.ts";
import { pickyServer } from "../../support/picky-server.ts";
import { LLAMA_CPP } from "../../support/server-kinds.ts";

test.each([
  ["vLLM tells it", { list: () => [200, { data: [{ id: "m", max_model_len: 4096 }] }] as const }, 4096],
  ["llama.cpp tells that of one slot, not what the model was trained with", LLAMA_CPP, 1024],
  ["a model that is not loaded has none", { meta: { n_vocab: 512 } }, null],
  ["one that is no number is none", { meta: { n_ctx: "4k" } }, null],
  ["nobody tells it", {}, null],
])("the context of a model is taken as the server tells it: %s", async (_, picky, maxModelLen) => {
  await using server = await pickyServer(picky);
  expect(await askEngine(server.baseUrl)).toEqual({ model: "m", maxModelLen, version: null });
});
