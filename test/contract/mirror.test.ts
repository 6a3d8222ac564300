import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { sourceFiles } from "../support/source-files.ts";

/** Folders of tests about more than one room, or about what is outside of src. */
const THEMES =
  /^(arms-measured|bench|clients|contract|docker|engines|kubernetes|metrics|races|site|support|vllm|workflow)\//;

const modules = sourceFiles("src").map((path) => path.replace(/^src\//, ""));
const tests = sourceFiles("test")
  .filter((path) => path.endsWith(".test.ts"))
  .map((path) => path.replace(/^test\//, "").replace(/\.test\.ts$/, ""))
  .filter((path) => !THEMES.test(path));
const alone = tests.filter((path) => !modules.includes(`${path}.ts`));

test("a test that has the name of one module lies where the module lies", () => {
  const namesake = (path: string) => modules.find((module) => basename(module) === `${basename(path)}.ts`);
  const astray = alone.flatMap((path) => {
    const module = namesake(path);
    return module === undefined ? [] : [`test/${path}.test.ts: src/${module} lies elsewhere`];
  });
  expect(astray).toEqual([]);
});

test("any other test tells a story of the folder of src that it mirrors", () => {
  const folders = new Set(alone.map((path) => dirname(path)).filter((folder) => folder !== "."));
  expect([...folders].filter((folder) => !existsSync(join(PACKAGE_ROOT, "src", folder)))).toEqual([]);
});
