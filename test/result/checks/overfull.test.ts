import { expect, test } from "vitest";
import { parseRun } from "../../../src/database/document/document.ts";
import { overfull } from "../../../src/result/checks/overfull.ts";
import { sampleRun } from "../../support/run-document.ts";

const list = (count: number) => Array(count).fill(null);
const map = (count: number) => Object.fromEntries(list(count).map((value, index) => [`k${index}`, value]));

test.each([
  ["a list", { a: [1, { b: list(20_001) }] }, ["a", 1, "b"]],
  ["a map", { cells: [{ params: map(20_001) }] }, ["cells", 0, "params"]],
  ["the document", list(20_001), []],
])("%s of more entries than any is named by its place", (_what, document, path) =>
  expect(overfull(document)).toEqual({
    path,
    text: expect.stringMatching(/^has 20,001 entries, more than any list or map/),
  }),
);

test("a document with as many as a list may have is left to others, and so is what holds nothing", () => {
  for (const document of [{ a: list(20_000), b: map(20_000) }, null, "text", 1])
    expect(overfull(document)).toBeUndefined();
});

test("brackets may be open as far as JSON takes them", () =>
  expect(overfull(JSON.parse("[".repeat(1_000_000) + "]".repeat(1_000_000)))).toBeUndefined());

test("a run document is refused for it before its mistakes are counted", () =>
  expect(() => parseRun(JSON.stringify({ ...sampleRun, cells: Array(300_000).fill({}) }), "x.json")).toThrow(
    "x.json: cells: has 300,000 entries, more than any list or map of a document may have",
  ));
