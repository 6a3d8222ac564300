import { describe, expect, test } from "vitest";
import { z } from "zod";
import { UserError } from "../../../src/errors.ts";
import { defaultOf, fieldMeta, showValue } from "../../../src/verbs/schema/field-meta.ts";
import { flag, parsed, parsedList, words } from "../../../src/verbs/schema/fields.ts";
import {
  integer,
  integerList,
  minutes,
  pairList,
  parsePositive,
  percent,
  portNumber,
  positiveNumber,
  rateList,
  repetitions,
  seconds,
  seed,
} from "../../../src/verbs/schema/number-fields.ts";

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
    ["1-9999999", "the range 1-9999999 has more than 10000 values; give it a larger step"],
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

test("sizes and times that nobody can mean are refused with the largest there is", () => {
  expect(problem(integer("prompts"), "999999999")).toBe("must be 1000000 or less");
  expect(problem(repetitions("starts"), "999999")).toBe("must be 10000 or less");
  expect(problem(integerList("prompts"), "1,999999999")).toBe("must be 1000000 or less");
  expect(problem(pairList("pairs"), "300:999999999")).toBe("must be 1000000 or less");
  expect(problem(portNumber("port", 0), "70000")).toBe("must be 65535 or less");
  expect(problem(seconds("timeout"), "9999999")).toBe("must be 604800 or less, which is seven days");
  expect(problem(minutes("minutes"), "9999999")).toBe("must be 10080 or less, which is seven days");
  expect(seed("seed").parse("999999999")).toBe(999_999_999);
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

describe("percent", () => {
  const share = percent("how near");

  test.each([
    ["3%", 0.03],
    ["3 %", 0.03],
    ["0.5%", 0.005],
    ["12", 0.12],
    [3, 0.03],
  ])("reads %j as %d", (input, expected) => expect(share.parse(input)).toBeCloseTo(expected, 12));

  test.each(["0%", "-3%", "3%%", "a few", ""])("refuses %j", (input) =>
    expect(problem(share, input)).toBe("must be per cent above 0, for example 3%"),
  );
});

describe("rateList", () => {
  const rates = rateList("rates");

  test.each([
    ["2,0.5,inf,2", [0.5, 2, Number.POSITIVE_INFINITY]],
    [4, [4]],
    [
      [8, "inf"],
      [8, Number.POSITIVE_INFINITY],
    ],
  ])("reads %j, ascending and each once", (input, expected) => expect(rates.parse(input)).toEqual(expected));

  test.each([
    ["0", "must be a number above 0, or inf"],
    ["1,-2", "must be a number above 0, or inf"],
    ["fast", "must be a number above 0, or inf"],
    ["", "must name at least one"],
  ])("refuses %j: %s", (input, message) => expect(problem(rates, input)).toBe(message));
});

test("a number above 0 may be inf, and nothing else", () => {
  expect([parsePositive("2.5"), parsePositive("inf")]).toEqual([2.5, Number.POSITIVE_INFINITY]);
  for (const text of ["0", "-1", "Infinity", "1e3", ""]) expect(() => parsePositive(text)).toThrow(UserError);
});

describe("a notation of its own", () => {
  const even = (text: string) => {
    if (Number(text) % 2 !== 0) throw new UserError("must be even");
    return Number(text);
  };

  test("is parsed from text and from the typed value of YAML", () => {
    expect(parsed(even, "", "N").parse(" 4 ")).toBe(4);
    expect(parsed(even, "", "N").parse(4)).toBe(4);
    expect(parsedList(even, "", "N").parse("2, 4,6")).toEqual([2, 4, 6]);
    expect(parsedList(even, "", "N").parse([2, "4"])).toEqual([2, 4]);
  });

  test("says what is wrong in its parser's words", () => {
    expect(problem(parsed(even, "", "N"), "3")).toBe("must be even");
    expect(problem(parsedList(even, "", "N"), "2,3")).toBe("must be even");
    expect(problem(parsedList(even, "", "N"), "")).toBe("must name at least one");
  });

  test("lets a bug of ours through as what it is", () => {
    const broken = parsed(
      () => {
        throw new TypeError("oops");
      },
      "",
      "N",
    );
    expect(() => broken.safeParse("1")).toThrow(TypeError);
  });
});

test("a default is known whether it is typed or parsed, and shown as it would be typed", () => {
  expect(defaultOf(percent("share").prefault("5%"))).toBe("5%");
  expect(defaultOf(rateList("rates").default([1, 2]))).toEqual([1, 2]);
  expect(defaultOf(percent("share").optional())).toBeUndefined();
  expect(fieldMeta(percent("How near.").prefault("5%"))).toMatchObject({
    description: "How near.",
    placeholder: "PERCENT",
  });
  const pairs = pairList("pairs").default([{ inputLen: 3, outputLen: 1 }]);
  expect([showValue(defaultOf(pairs)), showValue(0.5)]).toEqual(["3:1", "0.5"]);
  expect(z.object({ share: percent("share").prefault("5%") }).parse({})).toEqual({ share: 0.05 });
});
