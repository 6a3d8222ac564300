import { expect, test } from "vitest";
import { parseBursts, parseDataset, parseRamp } from "../../src/workload/notation.ts";

test.each([
  ["1:20", { fromRate: 1, toRate: 20 }],
  [" 0:0.5 ", { fromRate: 0, toRate: 0.5 }],
  ["1", /FROM:TO.*1:20/],
  ["-1:2", /FROM:TO/],
  ["1:inf", /FROM:TO/],
  ["5:0", /above 0/],
])("the ramp “%s”", (text, expected) => {
  if (expected instanceof RegExp) expect(() => parseRamp(text)).toThrow(expected);
  else expect(parseRamp(text)).toEqual(expected);
});

test.each([
  ["50@10", { size: 50, everySeconds: 10 }],
  ["1@0.25", { size: 1, everySeconds: 0.25 }],
  ["50", /SIZE@SECONDS.*50@10/],
  ["1.5@1", /SIZE@SECONDS/],
  ["0@1", /above 0/],
  ["1@0", /above 0/],
])("the bursts “%s”", (text, expected) => {
  if (expected instanceof RegExp) expect(() => parseBursts(text)).toThrow(expected);
  else expect(parseBursts(text)).toEqual(expected);
});

test.each([
  ["random", { kind: "random" }],
  [" random\n", { kind: "random" }],
  ["sharegpt:a b.json", { kind: "sharegpt", path: "a b.json" }],
  ["jsonl:C:\\prompts.jsonl", { kind: "jsonl", path: "C:\\prompts.jsonl" }],
  ["trace:./t.jsonl", { kind: "trace", path: "./t.jsonl" }],
  ["trace:", /must name a file after trace:/],
  ["sonnet", /must be random, sharegpt:FILE, jsonl:FILE or trace:FILE/],
  ["random:x", /must be random/],
])("the dataset “%s”", (text, expected) => {
  if (expected instanceof RegExp) expect(() => parseDataset(text)).toThrow(expected);
  else expect(parseDataset(text)).toEqual(expected);
});
