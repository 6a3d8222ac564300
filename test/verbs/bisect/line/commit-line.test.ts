import { createFixture, type FsFixture } from "fs-fixture";
import { afterAll, beforeAll, expect, test } from "vitest";
import { commitLine } from "../../../../src/verbs/bisect/line/commit-line.ts";
import { git, isolated } from "../../../support/git-repository.ts";

const env = { ...process.env, ...isolated };
let fixture: FsFixture;
const identity = ["-c", "user.name=Tester", "-c", "user.email=tester@example.org"];

async function commit(path: string, subject: string): Promise<void> {
  await fixture.writeFile(path, subject);
  git(fixture.path, "add", ".");
  git(fixture.path, ...identity, "commit", "--quiet", "-m", subject);
}

beforeAll(async () => {
  fixture = await createFixture({ "csrc/.keep": "", "docs/.keep": "", "tests/.keep": "" });
  git(fixture.path, "init", "--quiet", "--initial-branch=main");
  await commit("csrc/a.cu", "Begin");
  await commit("docs/with space and é.md", "Say more\n\nand more\x01words");
  git(fixture.path, "checkout", "--quiet", "-b", "side");
  await commit("csrc/b.cu", "On the side");
  git(fixture.path, "checkout", "--quiet", "main");
  await commit("tests/a.py", "Test it");
  git(fixture.path, ...identity, "merge", "--quiet", "--no-ff", "-m", "Merge the side", "side");
});
afterAll(() => fixture.rm());

test("a line goes along first parents, and a merge weighs what it brought", async () => {
  const line = await commitLine({ good: "main~3", bad: "main", repository: fixture.path }, env);
  expect(line.map(({ subject, weight }) => [subject, weight])).toEqual([
    ["Begin", 1],
    ["Say more", 0.1],
    ["Test it", 0.1],
    ["Merge the side", 1],
  ]);
  expect(line.map(({ name }) => name)).toEqual(
    git(fixture.path, "rev-list", "--first-parent", "--reverse", "main").split("\n"),
  );
});

test("ends without a line between are told what they have in common", async () => {
  const ends = { good: "side", bad: "main~1", repository: fixture.path };
  await expect(commitLine(ends, env)).rejects.toThrow(
    /--good side is not in the history of --bad main~1.*; both have [0-9a-f]{10}/,
  );
});
