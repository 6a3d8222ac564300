import { expect, test } from "vitest";
import { loadOf, Profile, unusedOf } from "../../src/scenario/profile.ts";

const profile = (more: object) => Profile.parse({ input_length: [128, 2048], output_length: [128, 1024], ...more });

test("every input length goes with every output length at every concurrency", () => {
  expect(loadOf(profile({ concurrency: [1, 2, 4], num_requests_per_concurrency: 16, epochs: 3 }))).toEqual({
    pairs: "128:128,128:1024,2048:128,2048:1024",
    concurrency: [1, 2, 4],
    numPrompts: 16,
    repeats: 3,
  });
});

test("a climb without a list grows to its greatest concurrency", () => {
  const climb = profile({ control_method: "climb", init_concurrency: 1, growth_rate: 2, max_concurrency: 10 });
  expect(loadOf(climb).concurrency).toEqual([1, 2, 4, 8]);
});

test("a chat backend asks the chat endpoint", () => {
  expect(loadOf(profile({ backend: "openai-chat" })).endpoint).toBe("chat");
});

test("rounds of warm-up are apart from what is counted", () => {
  expect(loadOf(profile({ concurrency: [1, 4], warmup: 2 })).warmupRequests).toBe(8);
});

test("what has no effect on exact lengths is named", () => {
  expect(unusedOf(profile({ temperature: 0.6, top_k: 8 }))).toEqual(["temperature", "top_k"]);
});
