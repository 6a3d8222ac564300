import { expect, test } from "vitest";
import { type PromptEntry, promptKind } from "../../src/workload/prompts.ts";

const listed = (...prompts: PromptEntry["prompt"][]) =>
  promptKind({ kind: "listed", entries: prompts.map((prompt) => ({ prompt, inputTokens: null, outputTokens: 1 })) });

test("prompts are token ids that are drawn, ids of the user's own, or text", () => {
  expect(promptKind({ kind: "trace", requests: [] })).toBe("drawn");
  expect(promptKind({ kind: "random", inputLen: 4, outputLen: 1, rangeRatio: 0, sharedPrefix: 0 })).toBe("drawn");
  expect(listed("Why?", [7, 8])).toBe("given");
  expect(listed("Why?", [{ role: "user", content: "Why?" }])).toBe("text");
});
