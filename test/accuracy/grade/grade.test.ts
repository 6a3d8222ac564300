import { expect, test } from "vitest";
import { grade } from "../../../src/accuracy/grade/grade.ts";
import { type Matching, sampleOf } from "../../../src/accuracy/sample.ts";

const PLAIN: Matching = { strip: true, caseInsensitive: false };

const text = (answers: string[], matching = PLAIN) => sampleOf({ question: "What?", choices: [], answers }, matching);
const isRight = (said: string, answers: string[], matching: Matching = PLAIN) =>
  grade(text(answers, matching), said, matching).correct;

test.for(["Paris", " Paris\n", "Paris.", "**Paris**", "`Paris`", "Paris\n\nIt lies on the Seine."])(
  "%j is Paris",
  (said) => expect(isRight(said, ["Paris"])).toBe(true),
);

test.for(["Paris?", "It is Paris", "paris", "", "\n", "The city\nParis", "Paris.."])("%j is not", (said) =>
  expect(isRight(said, ["Paris"])).toBe(false),
);

test("aliases are right too", () => expect(isRight("the US", ["USA", "the US"])).toBe(true));

test("capital letters do not count where that is said", () =>
  expect(isRight("PARIS", ["Paris"], { strip: true, caseInsensitive: true })).toBe(true));

test("white space and lines count where that is said", () => {
  const exact: Matching = { strip: false, caseInsensitive: false };
  expect(isRight("Paris ", ["Paris"], exact)).toBe(false);
  expect(isRight("a\nb", ["a\nb"], exact)).toBe(true);
});

test.for([
  "Let me think.\n2 + 2 is 4.\nAnswer: 4",
  "The answer is 5\nNo.\n**Final answer:** 4",
  "## The answer is: 4.",
])("the last line that says it goes before all others: %j", (said) => expect(isRight(said, ["4"])).toBe(true));

test("what only looks right somewhere in the answer is wrong", () => {
  expect(isRight("4 or 5?\nIt might be 4.", ["4"])).toBe(false);
  expect(isRight("The answers: 4", ["4"])).toBe(false);
});

const COLOURS = { question: "Which?", choices: ["red", "green", "blue"], rightChoice: 1, answers: [] };
const choose = (said: string, parts: object = {}) => grade(sampleOf({ ...COLOURS, ...parts }, PLAIN), said, PLAIN);

test.for([
  "B",
  "b",
  "(B)",
  "B.",
  "B)",
  "B: green",
  "(B) green",
  "green",
  "Green grass is\nAnswer: B",
  "B. Grass is so.",
])("%j names the second choice", (said) => expect(choose(said)).toMatchObject({ correct: true }));

test.for(["A", "red", "C) blue"])("%j names another", (said) => {
  const { correct, namesNoChoice } = choose(said);
  expect({ correct, namesNoChoice }).toEqual({ correct: false, namesNoChoice: undefined });
});

test.for(["D", "B green and more", "A man", "B) red", "I think B", "", "yellow"])("%j names none", (said) =>
  expect(choose(said)).toMatchObject({ correct: false, namesNoChoice: true }),
);

test("a choice that is a letter itself is meant by its text", () => {
  const letters = { choices: ["B", "A"], rightChoice: 0 };
  expect(choose("B", letters).correct).toBe(true);
  expect(choose("A", letters).correct).toBe(false);
});

test("an alias of a choice is right", () => expect(choose("verdant", { answers: ["verdant"] }).correct).toBe(true));
