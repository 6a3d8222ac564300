import fc from "fast-check";
import { expect, test } from "vitest";
import { logLine } from "../../src/foreign-text/log-line.ts";

test.each([
  ["INFO 12-01 up", "engine │ INFO 12-01 up"],
  ["::error::boo", "engine │ ::error::boo"],
  ["loading ##[error]boo", "engine │ loading # #[error]boo"],
  ["##vso[task.setvariable]x", "engine │ # #vso[task.setvariable]x"],
  ["10 %\r50 %\r::set-output name=a::b", "engine │ ::set-output name=a::b"],
  ["done\r", "engine │ done"],
  ["\u001b[32mgreen\u001b[0m\u0007", "engine │ green␇"],
  ["\r \r", undefined],
  ["", undefined],
])("%j is shown as %j", (line, shown) => {
  expect(logLine(line, "engine")).toBe(shown);
});

test("a long line is cut", () => {
  expect(logLine("x".repeat(10_000), "engine")).toHaveLength("engine │ ".length + 501);
});

test("no line of any log is a command of a CI runner, nor more than one line", () => {
  const piece = fc.constantFrom(
    "::",
    "##[",
    "##",
    "[",
    "#",
    "vso[",
    "error",
    "\r",
    "\u0085",
    "\u2028",
    " ",
    "\u001b[1m",
    "\u0000",
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string())), (pieces) => {
      const shown = logLine(pieces.join("").replaceAll("\n", ""), "engine") ?? "";
      expect(shown).not.toMatch(/^\s*::|##\[|##vso\[|[\r\n\u0085\u2028\u2029]/);
    }),
  );
});
