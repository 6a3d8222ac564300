import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { sourceFiles } from "../support/source-files.ts";

/** The simulated engine is a process of its own, whose output is a log to all others. */
const files = sourceFiles("src").filter((path) => !path.startsWith("src/simulator/"));
const textOf = (path: string) => readFileSync(join(PACKAGE_ROOT, path), "utf8");
const filesWith = (pattern: RegExp) => files.filter((path) => pattern.test(textOf(path)));

test("what is printed goes through the modules that make it inert: nothing else knows stdout, stderr or the console", () => {
  expect(filesWith(/\bprocess\s*\.\s*std(out|err)\b|\bconsole\s*\./)).toEqual([
    "src/cli/output.ts",
    "src/cli/reporter.ts",
  ]);
});

test("of @actions/core, what prints is known to the log of a step alone", () => {
  const others = files
    .filter((path) => path !== "src/github/log.ts")
    .flatMap((path) => [...textOf(path).matchAll(/import ([^;]+) from "@actions\/core"/g)].map(([, names]) => names));
  const names = others.flatMap((one) => one!.replaceAll(/[{}\s]/g, "").split(","));
  expect([...new Set(names)].toSorted()).toEqual(["getState", "saveState", "setOutput", "setSecret"]);
});

test("Markdown is made by what escapes it alone: a job summary and what stands in it cannot be a text of others", () => {
  expect(filesWith(/\bnew Markdown\(|\bas Markdown\b/)).toEqual(["src/foreign-text/markdown.ts"]);
});

test("so is the message of a commit: git is handed no other", () => {
  expect(filesWith(/\bnew CommitMessage\(|\bas CommitMessage\b/)).toEqual(["src/foreign-text/commit-message.ts"]);
  expect(filesWith(/"commit-tree"|\bgit\(\s*\[[^\]]{0,200}"(commit|tag|notes|merge)"/i)).toEqual([
    "src/database/git/commit.ts",
  ]);
});

test("pages take HTML as it is in one form alone: JSON that no text of a document can leave", () => {
  const taken = sourceFiles("site").flatMap((path) =>
    [...textOf(path).matchAll(/set:html=\{\w*|\bset:html(?!=\{)|\binnerHTML\b|\binsertAdjacentHTML\b/g)].map(
      ([found]) => found,
    ),
  );
  expect(taken).toEqual(["set:html={inlineJson"]);
});
