import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { actionFiles, bundlesOf } from "../support/action-files.ts";
import { makeRelease, type Release } from "../support/release.ts";
import { runStep } from "../support/run-step.ts";

const MEGABYTE = 1_000_000;
let release: Release;

beforeAll(async () => {
  release = await makeRelease();
});
afterAll(() => release[Symbol.asyncDispose]());

/** Bytes of a bundle and of every chunk that it imports. */
function sizeOf(bundle: string): number {
  const files = new Set([bundle]);
  for (const file of files) {
    const code = readFileSync(file, "utf8");
    for (const [, chunk] of code.matchAll(/(?:from|import)\s*["'](\.\/[^"']+)["']/g))
      files.add(join(dirname(file), chunk!));
  }
  return [...files].reduce((sum, file) => sum + statSync(file).size, 0);
}

describe.each(actionFiles())("%s", (path) => {
  const bundles = bundlesOf(path);
  const main = bundles[0]!;

  test("points to bundles that the build makes", () => {
    expect(bundles.length).toBeGreaterThan(0);
    expect(bundles.filter((file) => !existsSync(join(release.root, file)))).toEqual([]);
  });

  test("stays within a megabyte, or is the one that carries @actions/artifact", () => {
    const large = bundles.filter((file) => sizeOf(join(release.root, file)) > MEGABYTE);
    expect(large.filter((file) => file !== "dist/run.mjs")).toEqual([]);
  });

  test("ends on a bad input with a message that names the good one", async () => {
    const step = await runStep(join(release.root, main), { inputs: { confg: "x" } });
    expect(step.exitCode).toBe(1);
    expect(step.output).toContain("::error::unknown input “confg”; did you mean “config”?\n");
    expect(step.output).not.toMatch(/\n\s+at /);
  });
});

test("the post step has nothing to do, and says so, when the main step left no state", async () => {
  const step = await runStep(release.bundle("stop-engine"));
  expect(step.exitCode).toBe(0);
  expect(step.output).toBe("no engine was started\n");
});
