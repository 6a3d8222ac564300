import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { patternsIn, whySlow } from "../../scripts/linear-patterns.ts";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { sourceFiles } from "../support/source-files.ts";

/** Patterns that take no longer than the text all the same, and why. */
const PROVEN: Record<string, string> = {
  "src/machine/shell-words.ts": "a quote that is not closed is taken as a stray one, and ends the splitting",
  "src/result/vllm/python-json.ts":
    "a string ends at its quote or with the text: the match cannot fail behind its first quote",
};
/** Files that build patterns of parts, which were looked at by hand: no lint sees them. */
const BUILT = [
  "src/foreign-text/fit-markdown.ts",
  "src/formats/name-number.ts",
  "src/load/http/response-head.ts",
  "src/load/thread/answer/event-template.ts",
  "src/workload/notation.ts",
];

/** The code of a file; of an Astro page the part that is TypeScript. */
function codeOf(path: string): string {
  const text = readFileSync(join(PACKAGE_ROOT, path), "utf8");
  return path.endsWith(".astro") ? (text.split(/^---$/m)[1] ?? "") : text;
}

const files = ["src", "site", "scripts"].flatMap(sourceFiles);
const found = files.flatMap((path) => patternsIn(codeOf(path)).map((pattern) => ({ path, ...pattern })));

test("no pattern takes longer than in proportion to the text that it is held against", () => {
  expect(found.length).toBeGreaterThan(300);
  const slow = found.flatMap(({ path, line, ...pattern }) => {
    const why = whySlow(pattern);
    return why === undefined || path in PROVEN ? [] : [`${path}:${line}: ${why}`];
  });
  expect(slow).toEqual([]);
});

test("the patterns that were proven by hand are still there", () => {
  const slow = found.filter(({ path, ...pattern }) => path in PROVEN && whySlow(pattern) !== undefined);
  expect(slow.map(({ path }) => path).toSorted()).toEqual(Object.keys(PROVEN).toSorted());
});

test("no other pattern is built of parts", () =>
  expect(
    files.filter((path) => !path.startsWith("scripts/") && codeOf(path).includes("new RegExp(")).toSorted(),
  ).toEqual(BUILT));

describe("a pattern is refused", () => {
  test.each([
    ["two repetitions that share characters", /^a+\w*b/],
    ["a repetition of repetitions", /^(?:a+)+b/],
    ["one that is begun at each of its own characters", /\s+$/],
    ["one whose beginning may stand in what it repeats", /begin[^\n]*end/],
    ["the same in a group", /begin(?:: [^\n]*end)/],
    ["the same in one of several", /x|begin .*end/],
    ["the same with a choice of beginnings", /(?:begin|start).*end/],
    ["the same before the end of the text", /begin.*$/],
    ["one from the beginning of a line that goes on over lines", /^a[^x]*x/m],
  ])("for %s", (_what, { source, flags }) => expect(whySlow({ source, flags })).toBeTypeOf("string"));
});

describe("a pattern is taken", () => {
  test.each([
    ["with a bound", /begin[^\n]{0,200}end/],
    ["from the beginning of the text", /^begin.*end/],
    ["that takes all that is left", /begin[^\n]*/],
    ["whose beginning cannot stand in what it repeats", /"[^"]*":/],
    ["from the beginning of a line, within it", /^ *- .*:$/m],
    ["with a choice of beginnings that cannot", /(?:"|"")[^"]*end/],
  ])("%s", (_what, { source, flags }) => expect(whySlow({ source, flags })).toBeUndefined());
});
