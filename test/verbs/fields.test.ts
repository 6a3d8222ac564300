import { describe, expect, test } from "vitest";
import { flag, integer, integerList, pairList, positiveNumber, words } from "../../src/verbs/fields.ts";

const problem = (
  schema: { safeParse(value: unknown): { error?: { issues: { message: string }[] } } },
  value: unknown,
) => schema.safeParse(value).error?.issues[0]?.message;

describe("integerList", () => {
  const sizes = integerList("sizes");

  test.each([
    ["1,2,4", [1, 2, 4]],
    ["1-4", [1, 2, 3, 4]],
    ["2-9:3", [2, 5, 8]],
    ["8, 1-3", [1, 2, 3, 8]],
    ["4,4", [4]],
    [
      [1, "3-4"],
      [1, 3, 4],
    ],
    [8, [8]],
  ])("reads %j as %j", (input, expected) => expect(sizes.parse(input)).toEqual(expected));

  test.each([
    ["8-1", "the range 8-1 ends before it starts; write 1-8"],
    ["1-8:0", "the step of 1-8:0 must be more than 0"],
    ["1-8:-2", "the step of 1-8:-2 must be more than 0"],
    ["0", "must be 1 or more"],
    ["-3", "must be 1 or more"],
    ["1.5", "must be a whole number"],
    ["one", "“one” is not a number or a range like 1-8 or 1-8:2"],
    ["", "must name at least one"],
  ])("refuses %j: %s", (input, message) => expect(problem(sizes, input)).toBe(message));
});

describe("pairList", () => {
  const pairs = pairList("pairs");

  test("reads input and output lengths", () =>
    expect(pairs.parse("300:100,500:200")).toEqual([
      { inputLen: 300, outputLen: 100 },
      { inputLen: 500, outputLen: 200 },
    ]));

  test.each([
    ["300", "must be INPUT:OUTPUT, for example 300:100"],
    ["0:100", "must be 1 or more"],
    ["300:-1", "must be 1 or more"],
  ])("refuses %j: %s", (input, message) => expect(problem(pairs, input)).toBe(message));
});

test("numbers refuse zero, negatives and words, and say why", () => {
  expect(problem(positiveNumber("rate"), "0")).toBe("must be more than 0");
  expect(problem(integer("length"), "-5")).toBe("must be 1 or more");
  expect(problem(integer("length"), "1.5")).toBe("must be a whole number");
  expect(problem(integer("length"), "ten")).toBeDefined();
  expect(integer("length").parse("7")).toBe(7);
});

test("a flag takes the text of an action input and the boolean of YAML", () => {
  expect([flag("f").parse("true"), flag("f").parse(false), flag("f").parse("no")]).toEqual([true, false, false]);
});

test("words are split as a shell splits them, quotes kept together, nothing expanded", () => {
  expect(words("args").parse(`--dtype half --name 'a b' --x "$HOME"`)).toEqual([
    "--dtype",
    "half",
    "--name",
    "a b",
    "--x",
    "$HOME",
  ]);
});

test.each([
  [`--a="b c"`, ["--a=b c"]],
  [`--json='{"a": 1}'`, ['--json={"a": 1}']],
  [`x "" ''`, ["x", "", ""]],
  ["a\\ b", ["a b"]],
  [`"say \\"hi\\" \\n"`, ['say "hi" \\n']],
  ["  one   two ", ["one", "two"]],
  ["", []],
])("splits %j as a shell does", (line, expected) => expect(words("args").parse(line)).toEqual(expected));

test("a quote without its counterpart is refused", () => {
  expect(words("args").safeParse(`--a "b`).success).toBe(false);
});
