import { expect, test } from "vitest";
import { z } from "zod";
import { mistakeLines } from "../src/mistakes.ts";

const Kind = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("fast"), size: z.int().min(1).max(8) }),
  z.strictObject({ kind: z.literal("slow") }),
]);
const Loose = z.union([z.strictObject({ name: z.string().min(1), tags: z.array(z.string()).min(1) }), z.number()]);

test.each<[string, z.ZodType, unknown, string]>([
  ["what is missing", z.object({ model: z.string() }), {}, "model: is missing"],
  ["another type", z.object({ model: z.string() }), { model: 5 }, "model: must be text"],
  ["no number", z.number(), Number.NaN, "must be a number"],
  ["a fraction", z.int(), 1.5, "must be a whole number"],
  ["no choice", z.enum(["quick", "standard"]), "Standart", "must be one of quick, standard; did you mean “standard”?"],
  ["no text for a choice", z.enum(["quick", "standard"]), 5, "must be one of quick, standard"],
  ["another constant", z.literal("pitwall.run/1"), "x", "must be “pitwall.run/1”"],
  [
    "an unknown name",
    z.strictObject({ size: z.number().optional() }),
    { sise: 1, x: 1 },
    "sise: is no known name; did you mean “size”?\nx: is no known name; did you mean “size”?",
  ],
  ["an unknown kind", Kind, { kind: "fats" }, "kind: must be one of fast, slow; did you mean “fast”?"],
  ["too small", Kind, { kind: "fast", size: 0 }, "size: must be 1 or more"],
  ["too large", Kind, { kind: "fast", size: 9 }, "size: must be 8 or less"],
  ["an open end", z.number().positive(), 0, "must be more than 0"],
  [
    "an empty text and an empty list",
    Loose,
    { name: "", tags: [] },
    "name: must not be empty\ntags: must name at least one",
  ],
  ["none of several forms", z.union([z.number(), z.boolean()]), "x", "must be a number or true or false"],
  ["no moment", z.iso.datetime(), "now", "must be a moment, as in 2026-11-22T06:45:01Z"],
  ["no address", z.url(), "x", "must be a URL, as in https://example.org"],
  ["another beginning", z.string().startsWith("run-"), "x", "must begin with “run-”"],
  ["another form", z.string().regex(/^a+$/), "b", "must have the form /^a+$/"],
  ["no multiple", z.number().multipleOf(8), 9, "must be a multiple of 8"],
  ["an entry of a list in a map", z.record(z.string(), z.array(z.number())), { a: [1, "x"] }, "a[1]: must be a number"],
  ["what a schema says of itself", z.string({ error: "must be a name" }), 5, "must be a name"],
])("%s is said in our words", (_, schema, value, lines) => {
  expect(mistakeLines(schema.safeParse(value).error!)).toBe(lines);
});

test("of many mistakes the first hundred are said, and how many more there are", () => {
  const unknown = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`x${index}`, 1]));
  const lines = mistakeLines(z.strictObject({}).safeParse(unknown).error!).split("\n");
  expect(lines).toHaveLength(101);
  expect(lines.at(-1)).toBe("has 200 more names that are not known");
  const numbers = mistakeLines(z.array(z.number()).safeParse(Array(150).fill("x")).error!).split("\n");
  expect(numbers.slice(99)).toEqual(["[99]: must be a number", "and 50 more"]);
});

test("a name that the file made up is one line, and not longer than names are", () => {
  const value = { [`a\nerror: b${"c".repeat(5000)}`]: 1 };
  const line = mistakeLines(z.strictObject({}).safeParse(value).error!);
  expect(line).toMatch(/^a ⏎ error: bc{80,}…: is no known name$/);
});
