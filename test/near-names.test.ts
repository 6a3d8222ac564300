import { expect, test } from "vitest";
import { nearNames } from "../src/near-names.ts";

test("the three nearest names, the nearest first", () => {
  expect(nearNames("v0.5x", ["base", "v0.5", "v0.45", "v0.55x"])).toBe("“v0.5”, “v0.55x” or “v0.45”");
});

test("fewer where there are fewer", () => {
  expect(nearNames("x", ["base"])).toBe("“base”");
  expect(nearNames("x", [])).toBe("none, for there are none");
});

test("what was begun is nearer than what differs little", () => {
  expect(nearNames("0.6.3", ["0.3.3", "0.6.0", "0.6.3.post1", "0.6.1"])).toBe("“0.6.3.post1”, “0.6.0” or “0.6.1”");
});
