import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { readAnswers, savedAnswer } from "../../../src/simulator/text/saved-answers.ts";

const line = (contains: string, answer: string) => JSON.stringify({ contains, answer });

test("a prompt is answered by the saved answer whose text occurs last in it", async () => {
  await using folder = await createFixture({ "answers.jsonl": `${line("2 + 2", "4")}\n\n${line("3 + 3", "6")}\n` });
  const answers = await readAnswers(folder.getPath("answers.jsonl"));
  expect(savedAnswer(answers, "What is 2 + 2?")).toBe("4");
  expect(savedAnswer(answers, "What is 3 + 3?\n6\nWhat is 2 + 2?")).toBe("4");
  expect(savedAnswer(answers, "What is 2 + 2?\n4\nWhat is 3 + 3?")).toBe("6");
  expect(savedAnswer(answers, "What is 4 + 4?")).toBeUndefined();
});

test("what a prompt wants to be repeated is, up to the end of its line", () => {
  expect(savedAnswer([], "Please reply with exactly: one two \nand no more")).toBe("one two");
  expect(savedAnswer([{ contains: "two", answer: "2" }], "Reply with exactly: two")).toBe("2");
});

test.each([
  ["no JSON", "{", "--answers: .*, line 1, is not valid JSON"],
  ["another name", '{"contains":"a","answers":"b"}', "--answers: .*, line 1,[^]*answer"],
  ["an empty text", '{"contains":"","answer":"b"}', "line 1,[^]*contains: must not be empty"],
  ["nothing", "\n", "is empty"],
])("a file of answers with %s is refused with its line", async (_, text, message) => {
  await using folder = await createFixture({ "answers.jsonl": text });
  await expect(readAnswers(folder.getPath("answers.jsonl"))).rejects.toThrow(new RegExp(message));
});
