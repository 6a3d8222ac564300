import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { sourceFiles } from "../support/source-files.ts";

/** The simulated engine is a process of its own, whose output is a log to all others. */
/** Programs whose output is an engine's log, a file, and foreign to whoever shows it. */
const ENGINES = /^src\/(simulator|engine\/kubernetes\/keeper)\//;
const files = sourceFiles("src").filter((path) => !ENGINES.test(path));
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

test.each([
  ["a job summary, and what stands in it", "Markdown", "markdown.ts"],
  ["a message to Slack", "SlackText", "slack.ts"],
  ["a page of its own", "Html", "html.ts"],
  ["the message of a commit", "CommitMessage", "commit-message.ts"],
])("%s is a %s, which is made by what escapes it alone", (_what, type, module) => {
  expect(filesWith(new RegExp(`\\bnew ${type}\\(|\\bas (unknown as )?${type}\\b`))).toEqual([
    `src/foreign-text/${module}`,
  ]);
});

test("git is handed a message in one place", () => {
  expect(filesWith(/"commit-tree"|\bgit\(\s*\[[^\]]{0,200}"(commit|tag|notes|merge)"/i)).toEqual([
    "src/database/git-home/plumbing/commit.ts",
  ]);
});

test("no other way out is known: no stream of ours to a child, no file of a step but its summary", () => {
  const ways = /stdio: "inherit"|\bwriteSync\(|\bemitWarning\(|from "(node:)?(process|console)"/;
  expect(filesWith(ways)).toEqual([]);
  expect(filesWith(/\bGITHUB_(OUTPUT|ENV|PATH|STATE)\b/)).toEqual([]);
  expect(filesWith(/\bappendFile\b/).toSorted()).toEqual([
    "src/database/git-home/plumbing/repository.ts",
    "src/job-summary.ts",
  ]);
  expect(filesWith(/\bGITHUB_STEP_SUMMARY\b/).toSorted()).toEqual([
    "src/cli/start.ts",
    "src/github/findings.ts",
    "src/github/step.ts",
  ]);
});

test("GitHub's API is spoken to in one place, which takes Markdown that was made inert", () => {
  expect(filesWith(/from "@(actions\/github|octokit)/)).toEqual(["src/github/pull-comment.ts"]);
  expect(textOf("src/github/pull-comment.ts")).toContain("text: Markdown;");
});

test("every file for spreadsheets is written a line at a time by what quotes it", () => {
  const writers = files.filter((path) => /csv[^/]*\.ts$/.test(path) && path !== "src/foreign-text/csv-line.ts");
  expect(writers.length).toBeGreaterThan(2);
  expect(
    writers.filter((path) => !textOf(path).includes("foreign-text/csv-line.ts") || /join\("[,;\\t]/.test(textOf(path))),
  ).toEqual([]);
});

test("pages take HTML as it is in one form alone: JSON that no text of a document can leave", () => {
  const taken = sourceFiles("site").flatMap((path) =>
    [...textOf(path).matchAll(/set:html=\{\w*|\bset:html(?!=\{)|\binnerHTML\b|\binsertAdjacentHTML\b/g)].map(
      ([found]) => found,
    ),
  );
  expect(taken).toEqual(["set:html={inlineJson"]);
});
