import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { identified, readSampleFile, type SampleFormat } from "../../../src/accuracy/samples/read-samples.ts";

const PLAIN = { strip: true, caseInsensitive: false };

async function read(name: string, content: string, format?: SampleFormat) {
  await using fixture = await createFixture({ [name]: content });
  return await readSampleFile({ path: fixture.getPath(name), format });
}

/** What is said of a file, without the folder it lies in. */
const refusal = (name: string, content: string, format?: SampleFormat) =>
  read(name, content, format).then(
    () => "nothing",
    ({ message }: Error) => message.replaceAll(/\S*\/(?=[a-z]+\.json)/g, ""),
  );

const lines = (...values: unknown[]) => values.map((value) => `${JSON.stringify(value)}\n`).join("");
const CHOICE = { question: "Which?", choices: ["red", "green", "blue"] };

test("a JSON array and JSON lines give the same samples, and other columns are passed over", async () => {
  const rows = [
    { question: "2 + 2?", answer: 4, subject: "sums" },
    { question: "Capital of France?", answer: "Paris", answer_aliases: ["paris"] },
  ];
  const expected = [
    { question: "2 + 2?", choices: [], answers: ["4"] },
    { question: "Capital of France?", choices: [], answers: ["Paris", "paris"] },
  ];
  expect(await read("a.json", JSON.stringify(rows))).toEqual(expected);
  expect(await read("a.jsonl", lines(...rows))).toEqual(expected);
  expect(await read("a.txt", lines(...rows), "jsonl")).toEqual(expected);
});

test.for<[object]>([
  [{ answer: "green" }],
  [{ answer: "B" }],
  [{ answer: 1 }],
  [{ gt: "green" }],
  [{ answer_idx: 1 }],
  [{ answer_idx: "B" }],
  [{ label: 1 }],
  [{ answer: "green", answer_idx: "B", label: 1 }],
])("%j is the second choice", async ([right]) => {
  const [sample] = await read("a.json", JSON.stringify([{ ...CHOICE, ...right }]));
  expect(sample).toEqual({ ...CHOICE, rightChoice: 1, answers: [] });
});

test("a number is the text of a choice where one reads so", async () => {
  const [sample] = await read("a.json", JSON.stringify([{ question: "2 + 2?", choices: [3, 4, 5], answer: 4 }]));
  expect(sample).toMatchObject({ choices: ["3", "4", "5"], rightChoice: 1 });
});

describe("what is no sample is refused with its place", () => {
  test.for<[string, object, string]>([
    [
      "no answer",
      { question: "x" },
      "a.jsonl, line 2, does not have the expected form:\nhas no right answer: give answer, gt, answer_idx, label",
    ],
    ["no question", { answer: "x" }, "question: is missing"],
    ["an empty question", { question: " ", answer: "x" }, "question: must not be empty"],
    ["one choice", { question: "x", choices: ["a"], answer: "a" }, "choices: must have 2 entries or more"],
    [
      "equal choices",
      { question: "x", choices: ["a", "a "], answer: "a" },
      "choices: must be different from each other",
    ],
    [
      "an answer that is no choice",
      { ...CHOICE, answer: "pink" },
      'answer: is none of the choices, nor the letter or place of one: "pink"',
    ],
    ["a place too far", { ...CHOICE, answer_idx: 3 }, "answer_idx: must be a place from 0 to 2, or its letter (got 3)"],
    ["two right answers", { ...CHOICE, answer: "red", label: 1 }, "answer: says another answer is right than label"],
    ["a place without choices", { question: "x", label: 1 }, "label: names a choice, and there are no choices"],
    [
      "a number of two meanings",
      { question: "x", choices: [1, 2, 3], answer: 1 },
      "answer: may mean the choice “1” or the one at place 1",
    ],
    [
      "a slip in a name",
      { ...CHOICE, choices: undefined, choises: ["a"], answer: "a" },
      "choises: is no known name; did you mean “choices”?",
    ],
  ])("%s", async ([, row, words]) => {
    expect(await refusal("a.jsonl", lines({ question: "x", answer: "y" }, row))).toContain(words);
  });

  test("a line that is no JSON", async () =>
    expect(await refusal("a.jsonl", '{"question":"x","answer":"y"}\n{oh\n')).toMatch(
      /^a\.jsonl, line 2, is not valid JSON/,
    ));

  test("an entry of an array", async () =>
    expect(await refusal("a.json", JSON.stringify([{ question: "x", answer: "y" }, {}]))).toContain(
      "[1].question: is missing",
    ));

  test.for<[string, string]>([
    ["a.json", "[]"],
    ["a.jsonl", "\n\n"],
    ["a.json", "{}"],
  ])("%s with %j", async ([name, content]) => expect(await refusal(name, content)).not.toBe("nothing"));

  test("a file that is not there", async () =>
    expect(readSampleFile({ path: "/nowhere/a.json" })).rejects.toThrow("/nowhere/a.json could not be read"));
});

test("an id is that of what is asked and how it is graded, wherever it stands", async () => {
  const parts = await read(
    "a.json",
    JSON.stringify([
      { question: "x", answer: "y" },
      { question: "z", answer: "y" },
    ]),
  );
  const ids = identified(parts, PLAIN).map(({ id }) => id);
  expect(identified(parts.toReversed(), PLAIN).map(({ id }) => id)).toEqual(ids.toReversed());
  expect(new Set([...ids, ...identified(parts, { ...PLAIN, caseInsensitive: true }).map(({ id }) => id)]).size).toBe(4);
});

test("a sample that comes twice is two, and no more than asked for are taken", async () => {
  const parts = await read("a.json", JSON.stringify([1, 2, 3].map(() => ({ question: "x", answer: "y" }))));
  expect(new Set(identified(parts, PLAIN).map(({ id }) => id)).size).toBe(3);
  expect(identified(parts, PLAIN, 2)).toHaveLength(2);
});
