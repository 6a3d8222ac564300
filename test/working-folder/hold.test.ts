import { mkdir, symlink } from "node:fs/promises";
import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { holdFolder } from "../../src/working-folder/hold.ts";
import { pitwall } from "../support/cli.ts";
import { sampleRun } from "../support/run-document.ts";

const REFUSED = `error: another run (pid ${process.pid}) is at work in out: wait for its end`;

test.each([["post-process"], ["publish"]])("%s is refused in a folder that is being measured into", async (verb) => {
  await using folder = await createFixture({ "out/run.json": JSON.stringify(sampleRun) });
  await using _hold = await holdFolder(folder.getPath("out"));
  const { stderr, exitCode } = await pitwall([verb, "--output", "out"], folder.path);
  expect(stderr).toContain(REFUSED);
  expect(exitCode).toBe(2);
});

test("a document that is named is published whatever goes on in the working folder", async () => {
  await using folder = await createFixture({ out: {}, data: {}, "of-yesterday.json": JSON.stringify(sampleRun) });
  await using _hold = await holdFolder(folder.getPath("out"));
  const args = ["publish", "--output", "out", "--run", "of-yesterday.json", "--database", "folder:data"];
  const { stderr, exitCode } = await pitwall(args, folder.path);
  expect(exitCode, stderr).toBe(0);
});

test("a folder that was not there when it was held is the same one later, by whatever link it is named", async () => {
  await using folder = await createFixture({ real: {} });
  await symlink("real", folder.getPath("link"));
  await using _hold = await holdFolder(folder.getPath("link/deep/out"));
  await mkdir(folder.getPath("real/deep/out"), { recursive: true });
  const { stderr, exitCode } = await pitwall(["post-process", "--output", "out"], folder.getPath("real/deep"));
  expect(stderr).toContain(REFUSED);
  expect(exitCode).toBe(2);
});
