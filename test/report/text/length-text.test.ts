import { expect, test } from "vitest";
import { lengthText } from "../../../src/report/text/length-text.ts";
import { takenParams } from "../../../src/result/document/takes.ts";

const ids = { lowest: 1000, highest: 9999 };

test.each([
  [ids, "ignore_eos", []],
  [undefined, "ignore_eos", []],
  [ids, "min_tokens", ["lengths by min_tokens"]],
  [ids, null, ["natural lengths"]],
  [null, "ignore_eos", ["text prompts"]],
  [null, null, ["text prompts", "natural lengths"]],
] as const)("of a server that takes the ids %j and %s for lengths, a cell says %j", (tokenIds, exactLengths, words) => {
  expect(lengthText(takenParams({ tokenIds: tokenIds as typeof ids | null | undefined, exactLengths }))).toEqual(words);
});
