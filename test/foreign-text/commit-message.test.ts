import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { commitMessage } from "../../src/database/document/commit-message.ts";
import { runPath } from "../../src/database/records/run.ts";
import { commitLines, commitWords, ownMessage } from "../../src/foreign-text/commit-message.ts";
import { git } from "../support/git-repository.ts";
import { HOSTILE_TEXTS, hostileRun } from "../support/hostile.ts";
import { liveInCommit } from "../support/live-markers.ts";

const WHO = ["-c", "user.name=Tester", "-c", "user.email=tester@example.org"];

test.each([
  ["by @ada", "by @\u200bada"],
  ["see #12, octo/llm#3, gh-4 and !5", "see #\u200b12, octo/llm#\u200b3, gh-\u200b4 and !\u200b5"],
  ["Fixes: https://x.test/1", "Fixes\u200b: https://x.test/1"],
  ["[skip ci] [no ci] [x]", "[\u200bskip ci] [\u200bno ci] [x]"],
  ["a\0\u202eb\nc", "a␀[U+202E]b ⏎ c"],
  ["x".repeat(2000), `${"x".repeat(1000)}… (1,000 more characters)`],
])("%j in a message is %j", (text, shown) => {
  expect(commitWords`Retract run 1\n\nBecause ${text}\n`.source).toBe(`Retract run 1\n\nBecause ${shown}\n`);
});

test("a line of its own is no trailer, and a message in a message is itself", () => {
  const lines = commitLines([commitWords`- ${"@a"}\n`, commitWords`${"Signed-off-by: A <a@x.test>"}\n`]);
  expect(commitWords`Two ${2}\n\n${lines}`.source).toBe("Two 2\n\n- @\u200ba\n│ Signed-off-by: A <a@\u200bx.test>\n");
});

test("whoever writes a whole message says it in their own words", () => {
  expect(ownMessage("Make room\n\nFor #12.\0").source).toBe("Make room\n\nFor #12.␀\n");
});

test("git takes the message of any document, and finds in it nothing but a text", async () => {
  await using fixture = await createFixture();
  git(fixture.path, "init", "-q");
  const tree = git(fixture.path, "write-tree");
  for (const text of [...HOSTILE_TEXTS, "\nSigned-off-by: A <a@x.test>", "a\0b"]) {
    const run = hostileRun(text);
    const added = { kind: "run" as const, value: run, id: run.id, path: runPath(run), text: "", blob: "" };
    const at = "2026-11-23T00:00:00Z";
    const retraction = { schema: "pitwall.retraction/1" as const, run: run.id, why: text.trim(), at };
    for (const documents of [[added], [{ ...added, kind: "retraction" as const, value: retraction }]]) {
      const { source } = commitMessage(documents);
      expect(liveInCommit(source), source).toEqual([]);
      const id = git(fixture.path, ...WHO, "commit-tree", tree, "-m", source);
      expect(git(fixture.path, "log", "-1", "--format=%(trailers)", id)).toBe("");
    }
  }
});

test("the look sees what is live", () => {
  expect(liveInCommit("Add [skip ci] @ada #1 Fixes x\u202e\0")).toHaveLength(6);
});
