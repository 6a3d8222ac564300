import { describe, expect, test } from "vitest";
import { requestMaker } from "../../src/workload/request-maker.ts";
import { idsWithin } from "../../src/workload/vocabulary.ts";

describe("token ids", () => {
  test.each([
    [undefined, 1000, 9999],
    [128_256, 1000, 9999],
    [10_000, 1000, 9999],
    [9999, 1000, 9998],
    [512, 52, 511],
    [10, 1, 9],
    [2, 1, 1],
  ])("of a vocabulary of %s are %i…%i", (size, lowest, highest) => {
    expect(idsWithin(size)).toEqual({ lowest, highest });
  });

  test("of few digits are JSON all the same, and none lies beyond", () => {
    const takes = {
      tokenIds: idsWithin(150),
      limit: "max_tokens",
      exactLengths: null,
      asksUsage: false,
      refused: {},
    } as const;
    const api = { model: "m", endpoint: "completions", continuousUsage: false, temperature: 0, takes } as const;
    const prompts = { kind: "random", inputLen: 500, outputLen: 3, rangeRatio: 0, sharedPrefix: 0 } as const;
    const make = requestMaker(prompts, api, { seed: 1, part: "measured" });
    const { prompt, ...rest } = JSON.parse(make(0).body.toString());
    expect(prompt).toHaveLength(500);
    expect([Math.min(...prompt), Math.max(...prompt)]).toEqual([15, 149]);
    expect(rest).toEqual({ model: "m", max_tokens: 3, temperature: 0, stream: true });
  });
});
