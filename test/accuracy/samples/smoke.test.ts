import { expect, test } from "vitest";
import { grade } from "../../../src/accuracy/grade/grade.ts";
import { identified } from "../../../src/accuracy/samples/read-samples.ts";
import { SMOKE, SMOKE_MATCHING } from "../../../src/accuracy/samples/smoke.ts";

const samples = identified(SMOKE, SMOKE_MATCHING);

test("the shipped samples are some dozens, each once", () => {
  expect(samples.length).toBe(72);
  expect(new Set(samples.map(({ question }) => question)).size).toBe(samples.length);
});

test("their own right answers are graded right, and those of others wrong", () => {
  for (const [index, sample] of samples.entries()) {
    const { rightChoice, choices, answers } = sample;
    const right = rightChoice === undefined ? answers : [choices[rightChoice]!];
    expect(right.map((text) => grade(sample, text, SMOKE_MATCHING).correct)).toEqual(right.map(() => true));
    const wrong = choices.filter((_, place) => place !== rightChoice);
    expect(wrong.map((text) => grade(sample, text, SMOKE_MATCHING).correct)).toEqual(wrong.map(() => false));
    expect(grade(sample, `none, ${index}`, SMOKE_MATCHING).correct).toBe(false);
  }
});

test("right choices stand at every place alike: a model that always says A is wrong in three of four", () => {
  const places = samples.flatMap(({ rightChoice }) => rightChoice ?? []);
  expect([0, 1, 2, 3].map((place) => places.filter((one) => one === place).length)).toEqual([6, 6, 6, 6]);
});
