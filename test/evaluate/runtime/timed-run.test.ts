import { statSync, symlinkSync, writeFileSync } from "node:fs";
import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { readJunit, runTimed } from "../../../src/evaluate/runtime/timed-run.ts";

const never = new AbortController().signal;

test("a program that prints for ever ends long before the disk is full", async () => {
  await using folder = await createFixture({});
  const logFile = folder.getPath("before-1.log");
  const args = ["-c", "head -c 420000000 /dev/zero; sleep 600"];
  const run = { program: "/bin/sh", args, env: process.env, logFile, seconds: 600 };
  expect((await runTimed(run, never)).end).toEqual({ kind: "signal", signal: "SIGXFSZ" });
  expect(statSync(logFile).size).toBe(420_000_000);
});

test("a report that is a link is none: it could lead to any file", async () => {
  await using folder = await createFixture({ secret: "key" });
  writeFileSync(folder.getPath("real.xml"), "<testsuites/>");
  symlinkSync(folder.getPath("secret"), folder.getPath("link.xml"));
  expect(await readJunit(folder.getPath("real.xml"))).toBe("<testsuites/>");
  expect(await readJunit(folder.getPath("link.xml"))).toBeUndefined();
  expect(await readJunit(folder.getPath("none.xml"))).toBeUndefined();
});
