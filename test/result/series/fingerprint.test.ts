import { expect, test } from "vitest";
import { fingerprint } from "../../../src/result/series/fingerprint.ts";

test.each([
  ["", "811c9dc5"],
  ["a", "e40c292c"],
  ["foobar", "bf9cf968"],
])("the fingerprint of “%s” is that of FNV-1a's own test vectors", (text, hash) =>
  expect(fingerprint(text)).toBe(hash),
);
