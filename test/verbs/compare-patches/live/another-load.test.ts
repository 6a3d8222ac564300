import { expect, test } from "vitest";
import { anotherLoad } from "../../../../src/verbs/compare-patches/live/another-load.ts";
import type { Parameters } from "../../../../src/verbs/compare-patches/parameters.ts";

const parameters = (inputLen: number, outputLen: number): Parameters => ({
  ...{ benchmark: "serving", model: "m", requests: 100, inputLen, outputLen, concurrency: 16, warmupRequests: 10 },
  ...{ requestRate: 4, endpoint: "chat", timeoutSeconds: 600, seed: 0, engineArgs: [], variables: [], notes: [] },
});

test.each([
  [512, 64, 256, 96],
  [32, 128, 16, 144],
  [1000, 1, 500, 1],
  [8, 4, 8, 4],
])(
  "another load than %d tokens in and %d out is %d and %d, from another seed, and needs no larger context",
  (inputLen, outputLen, shorter, longer) => {
    const given = parameters(inputLen, outputLen);
    expect(anotherLoad(given)).toEqual({ ...given, seed: 1, inputLen: shorter, outputLen: longer });
  },
);
