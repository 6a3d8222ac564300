import { describe, expect, test } from "vitest";
import { Deviation } from "../../../src/functional/model/case.ts";
import { Found } from "../../../src/functional/model/found.ts";

const body = new Found({ choices: [{ index: 0, text: "", logprobs: null }], n: 1.5 });

function deviationOf(check: () => unknown): string {
  try {
    check();
  } catch (error) {
    if (error instanceof Deviation) return `${error.path}: ${error.message}`;
    throw error;
  }
  return "none";
}

describe("a value in an answer", () => {
  test("is told with its JSON path where it is wrong", () => {
    expect(deviationOf(() => body.at("choices", 0, "index").is(1))).toBe("$.choices[0].index: must be 1, but is 0");
    expect(deviationOf(() => body.at("choices").list()[0]!.at("text").filledText())).toBe(
      '$.choices[0].text: must be a text that is not empty, but is ""',
    );
  });

  test("is missing, however deep it would lie", () => {
    expect(deviationOf(() => body.at("usage", "total_tokens").integer())).toBe(
      "$.usage.total_tokens: must be a whole number from 0 on, but is missing",
    );
  });

  test("is nothing where servers write null, an empty list, or leave it out", () => {
    expect([body.at("choices", 0, "logprobs"), body.at("none"), new Found([])].map((one) => one.isNothing())).toEqual([
      true,
      true,
      true,
    ]);
    expect(deviationOf(() => body.at("n").nothing())).toBe("$.n: must be absent, but is 1.5");
  });

  test("is shown cut where it is long", () => {
    expect(new Found("x".repeat(1000)).shown()).toHaveLength(81);
  });
});
