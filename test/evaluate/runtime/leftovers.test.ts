import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { endProcesses, removeLeftovers } from "../../../src/evaluate/runtime/leftovers.ts";
import { beginWork, isDead, markOf } from "../../../src/evaluate/runtime/owner.ts";
import { processRow } from "../../../src/machine/process-table.ts";
import { recordingTools } from "../../support/recording-tools.ts";

const remove = (folder: string) => rm(folder, { recursive: true, force: true });

/** The name of a folder of ours, with another process in it. */
function folderOf(owner: string): string {
  const folder = mkdtempSync(join(tmpdir(), `pitwall-evaluate-${owner}-`));
  mkdirSync(join(folder, "containers"));
  return folder;
}

test("a living run keeps its folder and its processes", async () => {
  const owner = await beginWork();
  const child = spawn("sleep", ["60"], { env: markOf(join(owner.folder, "tree")) });
  try {
    await removeLeftovers(undefined, remove, recordingTools());
    expect(existsSync(owner.folder)).toBe(true);
    expect(child.exitCode).toBeNull();
    expect(isDead(owner.id)).toBe(false);
  } finally {
    child.kill();
    await remove(owner.folder);
  }
});

test("a killed one loses both, whatever session its processes are in", async () => {
  const own = await beginWork();
  await remove(own.folder);
  const folder = folderOf(own.id.replace(/-\d+$/, "-1"));
  const child = spawn("sleep", ["60"], { env: markOf(join(folder, "small-1", "after-0")), detached: true });
  const ended = once(child, "exit");
  const tools = recordingTools();
  await removeLeftovers(undefined, remove, tools);
  expect(await ended).toEqual([null, "SIGKILL"]);
  expect(existsSync(folder)).toBe(false);
  expect(tools.said).toEqual(["info: removed what a killed run left: 1 folder, 0 containers"]);
});

test("a process that was started there with an environment of its own ends too", async () => {
  const folder = mkdtempSync(join(tmpdir(), "pitwall-tree-"));
  mkdirSync(join(folder, "tree"));
  const child = spawn("sleep", ["60"], { env: { PATH: process.env.PATH }, cwd: join(folder, "tree"), detached: true });
  const beside = spawn("sleep", ["60"], { env: { PATH: process.env.PATH }, cwd: folder, detached: true });
  try {
    const ended = once(child, "exit");
    await endProcesses(join(folder, "tree"));
    expect(await ended).toEqual([null, "SIGKILL"]);
    expect(beside.exitCode).toBeNull();
  } finally {
    beside.kill();
    await remove(folder);
  }
});

test("a folder of another namespace of pids is left to those who see its owner", async () => {
  const folder = folderOf(`1-${process.pid}-1`);
  await removeLeftovers(undefined, remove, recordingTools());
  expect(readdirSync(tmpdir())).toContain(folder.slice(tmpdir().length + 1));
  await remove(folder);
});

test("an owner is dead when its pid is another process's by now", () => {
  const { startTicks } = processRow(process.pid)!;
  expect(isDead(`1-${process.pid}-${startTicks}`)).toBe(false);
  expect(isDead("nonsense")).toBe(false);
});
