import { expect, test } from "vitest";
import { errorIn, errorOfText, errorText } from "../../../../src/load/thread/answer/server-error.ts";

test.each([
  ["b", "b"],
  [{ message: "a" }, "a"],
  [{ c: 1 }, '{"c":1}'],
  [{ message: { d: 1 } }, '{"d":1}'],
  [{ code: 500, details: "died" }, "died"],
  [{ error: { message: "died", code: 500 } }, "died"],
  [["x"], '["x"]'],
  [7, "7"],
  [undefined, "no message"],
])("the message of %j is %j", (error, message) => expect(errorText(error)).toBe(message));

test("an error within errors without end is told as such", () => {
  const deep = JSON.parse(`${'{"error":'.repeat(100_000)}1${"}".repeat(100_000)}`);
  expect(errorText(deep)).toBe("a value nested without end");
});

test("of a text that is no JSON the text is the message", () =>
  expect(['{"message":"a"}', " <h1>Bad</h1>\n", "", "[]", '"x"'].map(errorOfText)).toEqual([
    "a",
    "<h1>Bad</h1>",
    "no message",
    "[]",
    '"x"',
  ]));

test.each([
  [{ error: { message: "a" } }, "a"],
  [{ object: "error", message: "a", code: 400 }, "a"],
  [{ type: "error", msg: "a" }, "a"],
  [{ message: "a", type: "x", code: 500 }, "a"],
  [{ detail: "a" }, "a"],
  [{ error: null }, undefined],
  [{ choices: [], message: "a" }, undefined],
  [{ object: "chat.completion.chunk" }, undefined],
  [{ usage: {} }, undefined],
])("%j says as an error: %j", (object, error) => expect(errorIn(object)).toBe(error));
