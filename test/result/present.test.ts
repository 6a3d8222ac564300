import { expect, test } from "vitest";
import { present } from "../../src/result/present.ts";

test("what has no value is left out, and everything else stays in its order, 0 and empty texts too", () => {
  const values = { b: 0, gone: undefined, a: "", none: null, no: false };
  expect(JSON.stringify(present(values))).toBe('{"b":0,"a":"","no":false}');
});
