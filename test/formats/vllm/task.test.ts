import { expect, test } from "vitest";
import { refuseOtherResults, taskOf } from "../../../src/formats/vllm/task.ts";

test.each([
  [undefined, "completions", "vllm"],
  ["openai", "completions", "vllm"],
  ["openai-chat", "chat", "vllm"],
  ["sglang", "completions", "remote"],
  ["tgi", "tgi", "remote"],
  ["somebody-else", "somebody-else", "remote"],
])("requests of the backend %s are %s of a %s", (backend, endpoint, engine) => {
  expect(taskOf(backend, {}, "r.json")).toEqual({ endpoint, engine });
});

test("a result with output tokens, by their count or by their rate, is one of text", () => {
  for (const file of [{ total_output_tokens: 5 }, { output_throughput: 5 }, { total_output_tokens: 5, rtfx: 0 }]) {
    expect(() => refuseOtherResults(file, "r.json")).not.toThrow();
  }
  expect(() => refuseOtherResults({}, "r.json")).toThrow("another task without output tokens");
});
