import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { z } from "zod";
import { UsageError } from "../../src/errors.ts";
import { parseYaml, readYaml } from "../../src/yaml/file.ts";

const Arms = z.strictObject({ arms: z.array(z.strictObject({ name: z.string() })) });
const Anything = z.json();

const complaint = (text: string, schema: z.ZodType = Arms) => {
  try {
    parseYaml(text, "arms.yml", schema);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return undefined;
};

test("a file that fits its schema is read", async () => {
  await using folder = await createFixture({ "arms.yml": "arms:\n  - name: base\n" });
  const file = await readYaml(folder.getPath("arms.yml"), Arms);
  expect(file.data).toEqual({ arms: [{ name: "base" }] });
});

test("every mistake is named with its line", () => {
  expect(complaint("arms:\n  - name: 3\n  - nam: base\n")).toBe(
    "arms.yml:2: arms[0].name: must be text\n" +
      "arms.yml:3: arms[1].name: is missing\n" +
      "arms.yml:3: arms[1].nam: is no known name; did you mean “name”?",
  );
});

test("a mistake beyond the schema has the line of its place, too", () => {
  const { mistaken } = parseYaml("arms:\n  - name: a\n  - name: a\n", "arms.yml", Arms);
  expect(mistaken([{ path: ["arms", 1, "name"], text: "is there twice" }]).message).toBe(
    "arms.yml:3: arms[1].name: is there twice",
  );
});

test("what is not YAML is said with its line", () => {
  expect(complaint("arms:\n  - name: [\n")).toContain("arms.yml:3: is not valid YAML");
});

test("a name that stands twice in a map is refused where it stands again, and may stand in another", () => {
  expect(() => parseYaml("a: {b: 1}\nc: {b: 1}\na: 2\n", "x.yml", z.unknown())).toThrow(
    "x.yml:3: is not valid YAML: a is there twice",
  );
  expect(parseYaml("a: {b: 1}\nc: {b: 1}\n", "x.yml", z.unknown()).data).toEqual({ a: { b: 1 }, c: { b: 1 } });
});

test("an anchor that is used within itself is refused", () => {
  expect(complaint("a: &a\n  again: *a\n", Anything)).toContain("used within itself");
});

test("the same anchor used twice is no circle", () => {
  expect(complaint("a: &a { x: 1 }\nb: *a\nc: *a\n", Anything)).toBeUndefined();
});

test("an alias of nothing is refused", () => {
  expect(complaint("a: *nowhere\n", Anything)).toContain("is not valid YAML");
});

test("an empty file is an empty map", () => {
  expect(complaint("")).toBe("arms.yml:1: arms: is missing");
});

test("a file that nobody wrote by hand is refused before it is parsed", () => {
  expect(complaint(`a: ${"x".repeat(140_000)}`)).toContain("more than 128 KiB");
});

test("a file that is not there is named, with the flag", async () => {
  await expect(readYaml("nowhere.yml", Arms, "--arms")).rejects.toThrow(/^--arms: .*nowhere\.yml/);
});
