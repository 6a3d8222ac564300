import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { findProgram } from "../../src/machine/program.ts";

async function machine() {
  const folder = await createFixture({ "first/plain": "no program", "second/tool": "#!/bin/sh\n", "second/plain": "" });
  await mkdir(folder.getPath("first/tool"));
  await writeFile(folder.getPath("second/plain"), "#!/bin/sh\n");
  for (const name of ["tool", "plain"]) await chmod(folder.getPath("second", name), 0o755);
  const PATH = ["first", "second"].map((name) => folder.getPath(name)).join(":");
  return { root: folder.path, PATH, [Symbol.asyncDispose]: () => folder.rm() };
}

describe("a program is found", () => {
  test("in the first folder of PATH that has one which may be run, and no folder of its name", async () => {
    await using here = await machine();
    const found = ["tool", "plain"].map((name) => findProgram(name, { PATH: here.PATH }));
    expect(found).toEqual([join(here.root, "second/tool"), join(here.root, "second/plain")]);
  });

  test("by its path, seen from the folder that is named", async () => {
    await using here = await machine();
    expect(findProgram("./second/tool", {}, here.root)).toBe(join(here.root, "second/tool"));
    expect(findProgram("./first/plain", {}, here.root)).toBeUndefined();
  });

  test("nowhere without a PATH, whatever that of this process is", () => {
    expect([findProgram("sh", {}), findProgram("sh", { PATH: "" })]).toEqual([undefined, undefined]);
  });
});
