import { expect, test } from "vitest";
import { z } from "zod";
import { checked, listOf } from "../src/checked.ts";
import { mistakeLines } from "../src/mistakes.ts";

const Entries = listOf(z.strictObject({ a: z.number() }), 1);
const good = Array.from({ length: 2500 }, (_, a) => ({ a }));
const issuesOf = (schema: z.ZodType, value: unknown) => {
  const result = checked(schema, value);
  return result.success ? [] : result.error.issues.map(({ path, message }) => [path, message]);
};

test("a list that is good is handed over whole", () =>
  expect(checked(Entries, good)).toEqual({ success: true, data: good }));

test("a list is looked at up to the first thousand with a mistake", () => {
  const bad = [...good.with(1700, { a: Number.NaN }), ...Array(300_000).fill({})];
  expect(issuesOf(Entries, bad)).toEqual([
    [[], "has mistakes, and was not looked at from [2000] on"],
    [[1700, "a"], expect.any(String)],
  ]);
});

test("a list that is empty, and what is none, are judged as they are", () => {
  expect(issuesOf(Entries, [])).toEqual([[[], expect.any(String)]]);
  expect(issuesOf(Entries, {})).toEqual([[[], expect.any(String)]]);
});

test("a list in a map, or one of two forms, names its mistakes by their place", () => {
  const bad = [...good, { a: "x" }];
  expect(issuesOf(z.object({ list: Entries }), { list: bad })).toEqual([[["list", 2500, "a"], expect.any(String)]]);
  const either = checked(z.union([Entries, z.object({ b: z.number() })]), bad);
  expect(either.success ? "" : mistakeLines(either.error)).toBe("[2500].a: must be a number");
});

test("more mistakes than the validator can hand on are a mistake", () => {
  const inner = z.record(z.string(), z.number());
  const many = Object.fromEntries(Array.from({ length: 300_000 }, (_, index) => [`k${index}`, null]));
  expect(issuesOf(z.record(z.string(), inner), { many })).toEqual([[[], "has more mistakes than anybody can count"]]);
});
