import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { makeTreeAfter, makeTreeBefore } from "../../../src/evaluate/repository/patched-tree.ts";
import { commitIn, type Files, makeRepository, patchOf } from "../../support/evaluate/small-repository.ts";
import { recordingTools } from "../../support/recording-tools.ts";

const LINES = (middle: string) => `one\ntwo\nthree\n${middle}\nfive\nsix\nseven\n`;
const BASE = { "pkg/calc.py": LINES("four"), "tests/test_calc.py": "old test\n" };
const TEST = { "tests/test_calc.py": "new test\n", "tests/test_more.py": "more\n" };

/** Makes both trees of a candidate; what they hold, by path. */
async function place(base: Files = BASE) {
  const fixture = await createFixture({});
  const folder = fixture.getPath("base");
  makeRepository(folder, base);
  const testPatch = patchOf(folder, TEST);
  return {
    base: folder,
    testPatch,
    async trees(candidate: string, patch = testPatch) {
      const before = fixture.getPath("before");
      const after = fixture.getPath("after");
      const tools = recordingTools();
      const first = await makeTreeBefore({ base: folder, folder: before, testPatch: patch }, tools);
      if (first.kind === "refused") return { result: first, before, after };
      const all = { base: folder, folder: after, testPatch: patch, testFiles: first, candidate };
      return { result: (await makeTreeAfter(all, tools)) ?? first, before, after };
    },
    [Symbol.asyncDispose]: () => fixture.rm(),
  };
}

const read = (folder: string, path: string) => readFileSync(join(folder, path), "utf8");

test("before has the tests alone, after has the candidate too, and the base stays as it was", async () => {
  await using at = await place();
  const { before, after } = await at.trees(patchOf(at.base, { "pkg/calc.py": LINES("FOUR") }));
  expect(read(before, "pkg/calc.py")).toBe(LINES("four"));
  expect(read(after, "pkg/calc.py")).toBe(LINES("FOUR"));
  for (const folder of [before, after]) expect(read(folder, "tests/test_calc.py")).toBe("new test\n");
  expect(read(at.base, "tests/test_calc.py")).toBe("old test\n");
});

test("files of the test patch win over what a candidate did to them, as with SWE-bench", async () => {
  await using at = await place();
  const candidate = patchOf(at.base, { "tests/test_calc.py": "always true\n", "tests/test_more.py": "mine\n" });
  const { result, after } = await at.trees(candidate);
  expect(result.kind).toBe("applied");
  expect(read(after, "tests/test_calc.py")).toBe("new test\n");
  expect(read(after, "tests/test_more.py")).toBe("more\n");
});

test("other files next to the tests, a conftest for one, are the candidate's to change", async () => {
  await using at = await place();
  const { after } = await at.trees(patchOf(at.base, { "tests/conftest.py": "mine\n" }));
  expect(read(after, "tests/conftest.py")).toBe("mine\n");
});

test("a patch whose surroundings have moved is merged by its blobs", async () => {
  await using at = await place();
  const candidate = patchOf(at.base, { "pkg/calc.py": LINES("FOUR") });
  commitIn(at.base, { "pkg/calc.py": LINES("four").replace("two\n", "TWO\n") });
  const { result, after } = await at.trees(candidate);
  expect(result.kind).toBe("applied");
  expect(read(after, "pkg/calc.py")).toBe(LINES("FOUR").replace("two\n", "TWO\n"));
});

test("a patch without the end of its last line applies", async () => {
  await using at = await place();
  const { result } = await at.trees(patchOf(at.base, { "pkg/calc.py": LINES("FOUR") }).trimEnd());
  expect(result.kind).toBe("applied");
});

test.each<[string, string, string]>([
  ["is no patch", "Sure! Here is the fix:\n", "No valid patches in input"],
  ["is for other files", "--- a/none.py\n+++ b/none.py\n@@ -1 +1 @@\n-a\n+b\n", "none.py"],
  ["leaves the tree", "--- /dev/null\n+++ b/../outside.py\n@@ -0,0 +1 @@\n+x\n", "invalid path"],
  ["writes into .git", "--- /dev/null\n+++ b/.git/hooks/post-checkout\n@@ -0,0 +1 @@\n+x\n", "invalid path"],
  ["is blank", " \n", "the patch is empty"],
])("a candidate that %s is refused in git's words", async (_, candidate, words) => {
  await using at = await place();
  const { result } = await at.trees(candidate);
  expect(result).toMatchObject({ kind: "refused", which: "candidate", detail: expect.stringContaining(words) });
});

test("a candidate goes through no link out of the tree", async () => {
  await using at = await place();
  const link =
    "diff --git a/way b/way\nnew file mode 120000\n--- /dev/null\n+++ b/way\n@@ -0,0 +1 @@\n+..\n\\ No newline at end of file\n";
  const { result, after } = await at.trees(`${link}--- /dev/null\n+++ b/way/outside.py\n@@ -0,0 +1 @@\n+x\n`);
  expect(result.kind).toBe("refused");
  expect(existsSync(join(after, "..", "outside.py"))).toBe(false);
});

test("a folder of tests that a candidate made a link is a folder again when the tests are put back", async () => {
  await using at = await place();
  const moved =
    "diff --git a/tests/test_calc.py b/tests/test_calc.py\ndeleted file mode 100644\n--- a/tests/test_calc.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-old test\n" +
    "diff --git a/tests b/tests\nnew file mode 120000\n--- /dev/null\n+++ b/tests\n@@ -0,0 +1 @@\n+..\n\\ No newline at end of file\n";
  const { after } = await at.trees(moved);
  expect(existsSync(join(after, "..", "test_calc.py"))).toBe(false);
});

test("a test patch that does not apply is told apart, and an empty one too", async () => {
  await using at = await place();
  const candidate = patchOf(at.base, { "pkg/calc.py": LINES("FOUR") });
  expect((await at.trees(candidate, "")).result).toMatchObject({ which: "test", detail: "the patch is empty" });
});
