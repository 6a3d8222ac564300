import { describe, expect, test } from "vitest";
import { labelsOf, parseLabel } from "../../src/prometheus/user-label.ts";

describe("a label that a person gives", () => {
  test.each([
    ["region=eu", ["region", "eu"]],
    ["note=a=b c", ["note", "a=b c"]],
    ["empty=", ["empty", ""]],
    ["model=Qwen/Qwen3-32B", ["model", "Qwen/Qwen3-32B"]],
  ])("%s", (given, pair) => expect(parseLabel(given)).toEqual(pair));

  test.each([
    ["region", "must be NAME=VALUE"],
    ["=eu", "“” is no name of a label"],
    ["1st=eu", "no digit first"],
    ["a-b=c", "is no name of a label"],
    ["région=eu", "is no name of a label"],
    ["__name__=x", "keeps names that begin with __ for itself"],
    ["job=x", "the job is no label: give it with --job"],
    ["quantile=0.5", "quantile is a label that pitwall sets itself"],
    ["a=\ud800", "no text in Unicode"],
    [`a=${"x".repeat(1001)}`, "more than 1000 characters"],
  ])("%s is refused", (given, why) => expect(() => parseLabel(given)).toThrow(why));

  test("may be given once", () => {
    expect(() => labelsOf([["a", "1"] as const, ["a", "1"] as const])).toThrow("the label a is given twice");
    expect(labelsOf([["a", "1"] as const, ["b", "2"] as const])).toEqual({ a: "1", b: "2" });
  });
});
