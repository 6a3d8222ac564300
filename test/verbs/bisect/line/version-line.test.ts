import { expect, test } from "vitest";
import { versionLine } from "../../../../src/verbs/bisect/line/version-line.ts";

const versions = ["0.29.0", "0.30.0", "0.31.0", "0.32.0"];
const names = (...args: Parameters<typeof versionLine>) => versionLine(...args).map(({ name }) => name);

test("versions are a line in the order that they are given in, from the first to the last or what was named", () => {
  expect(names(versions)).toEqual(versions);
  expect(names(versions, "0.30.0")).toEqual(["0.30.0", "0.31.0", "0.32.0"]);
  expect(names(versions, undefined, "0.31.0")).toEqual(["0.29.0", "0.30.0", "0.31.0"]);
});

test.each([
  ["a version that is not among them", () => versionLine(versions, "1.0"), /--good 1.0 is none of --versions/],
  ["one that comes twice", () => versionLine(["a", "b", "a"]), /names a twice/],
  ["ends the wrong way round", () => versionLine(versions, "0.31.0", "0.30.0"), /--good before --bad/],
])("%s is refused", (_, line, message) => {
  expect(line).toThrow(message);
});
