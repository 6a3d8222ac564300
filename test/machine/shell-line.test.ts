import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { shellWord } from "../../src/machine/shell-line.ts";

test("a printed word is what a shell reads back", () => {
  const value = `it's "$HOME" \`id\` \\ * é\n2`;
  expect(execFileSync("sh", ["-c", `printf %s ${shellWord(value)}`], { encoding: "utf8" })).toBe(value);
});
