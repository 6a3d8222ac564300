import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { z } from "zod";
import { makeFolder, readJson, writeFileAtomically, writeJson } from "../src/files.ts";

const FILES = join(import.meta.dirname, "..", "src", "files.ts");

test("a file is written whole, in folders that need not be there", async () => {
  await using folder = await createFixture({});
  const path = folder.getPath("a/b/c.json");
  await writeJson(path, { kept: true });
  expect(await readJson(path, z.strictObject({ kept: z.boolean() }))).toEqual({ kept: true });
  expect(readdirSync(folder.getPath("a/b"))).toEqual(["c.json"]);
});

test.each(["/proc/x/y", "/dev/null/x"])(
  "a folder that the kernel refuses (%s) is an error, and no endless loop",
  (path) => expect(makeFolder(path)).rejects.toThrow(),
);

test("many who make the same folders at once all have them", async () => {
  await using folder = await createFixture({});
  await Promise.all(Array.from({ length: 20 }, () => makeFolder(folder.getPath("a/b/c/d"))));
  expect(readdirSync(folder.getPath("a/b/c"))).toEqual(["d"]);
});

test("when the disk takes only a part, the old file stays and nothing half-written is left", async () => {
  await using folder = await createFixture({ "run.json": "the old one" });
  const path = folder.getPath("run.json");
  const script = `
    import { writeFileAtomically } from ${JSON.stringify(FILES)};
    await writeFileAtomically(${JSON.stringify(path)}, "x".repeat(1_000_000)).catch((error) => console.log(error.name, error.message));`;
  // A limit on the size of files (in blocks of 512 bytes) ends a write in its middle, as a full disk does.
  const node = JSON.stringify(process.execPath);
  const { stdout } = spawnSync(
    "sh",
    ["-c", `trap '' XFSZ; ulimit -f 8; exec ${node} --input-type=module -e "$0"`, script],
    { encoding: "utf8" },
  );
  expect(stdout).toMatch(/^UserError .*run\.json could not be written: the file is larger than .* allows/);
  expect(await readFile(path, "utf8")).toBe("the old one");
  expect(readdirSync(folder.path)).toEqual(["run.json"]);
});

test("a place that cannot be written is named", async () => {
  await using folder = await createFixture({ occupied: "a file" });
  await expect(writeFileAtomically(folder.getPath("occupied/run.json"), "x")).rejects.toThrow(
    /occupied\/run\.json could not be written/,
  );
});

test.each([
  ["missing", undefined, "could not be read"],
  ["truncated", '{"a":', "is not valid JSON"],
  ["of another form", '{"a":"text"}', "does not have the expected form"],
])("a file that is %s is named with the problem", async (_, content, problem) => {
  await using folder = await createFixture(content === undefined ? {} : { "run.json": content });
  const path = folder.getPath("run.json");
  await expect(readJson(path, z.strictObject({ a: z.number() }))).rejects.toThrow(`${path} ${problem}`);
});
