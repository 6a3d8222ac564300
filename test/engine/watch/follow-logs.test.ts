import { appendFile, writeFile } from "node:fs/promises";
import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { followLogs } from "../../../src/engine/watch/follow-logs.ts";

async function following(files: Record<string, string> = {}) {
  const folder = await createFixture(files);
  const lines: string[] = [];
  const logs = followLogs(folder.getPath("logs"), (line) => lines.push(line));
  return {
    lines,
    path: (name: string) => folder.getPath("logs", name),
    seen: (...expected: string[]) => expect.poll(() => lines, { timeout: 20_000 }).toEqual(expected),
    stop: () => logs[Symbol.asyncDispose](),
    async [Symbol.asyncDispose]() {
      await logs[Symbol.asyncDispose]();
      await folder.rm();
    },
  };
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 700));

test("lines are shown as they come, after their log's name, also of a log that was not there", async () => {
  await using room = await following({ "logs/engine.log": "old\n" });
  await settled();
  await appendFile(room.path("engine.log"), "up\nhal");
  await room.seen("engine │ up");
  await writeFile(room.path("bench-serve-c.log"), "begun\n");
  await appendFile(room.path("engine.log"), "f a line: ü\n");
  await expect.poll(() => room.lines, { timeout: 20_000 }).toHaveLength(3);
  expect(room.lines.toSorted()).toEqual(["bench-serve-c │ begun", "engine │ half a line: ü", "engine │ up"]);
});

test("a log that is begun anew is shown from its beginning, even where it is longer at once", async () => {
  await using room = await following({ "logs/engine.log": "one\n" });
  await settled();
  await writeFile(room.path("engine.log"), "another start\nand more\n");
  await room.seen("engine │ another start", "engine │ and more");
  await writeFile(room.path("engine.log"), "x\n");
  await room.seen("engine │ another start", "engine │ and more", "engine │ x");
});

test("what was written last is shown when it is over", async () => {
  await using room = await following({ "logs/.keep": "" });
  await settled();
  await writeFile(room.path("engine.log"), "last words\n");
  await room.stop();
  expect(room.lines).toEqual(["engine │ last words"]);
});

test("a flood is counted, and a folder that never comes is none", async () => {
  await using room = await following({ "logs/.keep": "" });
  await settled();
  await writeFile(room.path("engine.log"), Array.from({ length: 5000 }, (_, at) => `line ${at}\n`).join(""));
  await room.stop();
  expect(room.lines.length).toBeLessThan(400);
  expect(room.lines.at(-1)).toMatch(/^… 4\d\d\d lines are left out here; the files in logs\/ have them$/);
  await using none = await following();
  await none.stop();
  expect(none.lines).toEqual([]);
});
