import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonLinesOf } from "../../../src/verbs/validate/json-lines-of.ts";
import { linesOf } from "../../../src/yaml/lines.ts";

/** The paths of a value and of all that it holds, and one to what is missing in each. */
function pathsIn(value: unknown, path: PropertyKey[] = []): PropertyKey[][] {
  if (typeof value !== "object" || value === null) return [path, [...path, "missing"]];
  const key = (name: string) => (Array.isArray(value) ? Number(name) : name);
  const inside = Object.entries(value).flatMap(([name, entry]) => pathsIn(entry, [...path, key(name)]));
  return [path, [...path, Array.isArray(value) ? -1 : "missing"], ...inside];
}

test("whatever a JSON text holds, its places are on the lines that a reader of YAML finds them on", () =>
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom("\n", "\r\n"), (value, lineEnd) => {
      const text = JSON.stringify(value, null, 1).replaceAll("\n", lineEnd);
      const [found, expected] = [jsonLinesOf(text), linesOf(text)];
      for (const path of pathsIn(JSON.parse(text))) expect(found.lineOf(path)).toBe(expected.lineOf(path));
    }),
  ));

test("a place behind many lines, and one behind quotes and brackets in a text", () => {
  const { lineOf } = jsonLinesOf(`\n{"a": "\\"]}\\\\",${"\n".repeat(100_000)}"b": [[],{},\n-1e5]\n}`);
  expect([[], ["a"], ["b"], ["b", 1], ["b", 2], ["b", 3]].map(lineOf)).toEqual([
    2, 2, 100_002, 100_002, 100_003, 100_002,
  ]);
});

test("of a name that stands twice the last one, whose value counts", () =>
  expect(jsonLinesOf('{"a":1,\n"a":2}').lineOf(["a"])).toBe(2));
