import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { VERSION } from "../../src/package-root.ts";
import { actionFiles, bundlesOf } from "../support/action-files.ts";
import { release } from "../support/built-release.ts";
import { runStep } from "../support/run-step.ts";

const MEGABYTE = 1_000_000;

/** Imports of what is loaded at once; and those and what is loaded when it is needed. */
const LOADED = /(?:from|import)\s*["'](\.\/[^"']+)["']/g;
const LOADED_OR_LATER = /(?:from|import)\s*\(?["'`](\.\/[^"'`]+)["'`]/g;

/** Bytes of a bundle's program, which it imports once Node is found to be new enough, and of every chunk that it imports. */
function sizeOf(bundle: string, imports = LOADED): number {
  const [, program] = /import\(["'`](\.\/[^"'`]+)/.exec(readFileSync(bundle, "utf8"))!;
  const files = new Set([bundle, join(dirname(bundle), program!)]);
  for (const file of files) {
    const code = readFileSync(file, "utf8");
    for (const [, chunk] of code.matchAll(imports)) files.add(join(dirname(file), chunk!));
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

  test("starts with a megabyte or less", () => {
    expect(bundles.filter((file) => sizeOf(join(release.root, file)) > MEGABYTE)).toEqual([]);
  });

  test("ends on a bad input with a message that names the good one", async () => {
    const step = await runStep(join(release.root, main), { inputs: { confg: "x" } });
    expect(step.exitCode).toBe(1);
    expect(step.output).toContain("::error::unknown input “confg”; did you mean “config”?\n");
    expect(step.output).not.toMatch(/\n\s+at /);
  });
});

test("the action that carries @actions/artifact stays within 3.4 megabytes with all that it may load", () =>
  expect(sizeOf(release.bundle("run"), LOADED_OR_LATER)).toBeLessThan(3.4 * MEGABYTE));

test("the command line starts with the list of verbs, and loads one when it is asked for", () =>
  expect(sizeOf(release.bundle("cli"))).toBeLessThan(0.1 * MEGABYTE));

describe("under a Node that is too old", () => {
  const message = /^(::error::)?pitwall needs Node 24 or newer, and this is v[\d.]+: .*`npm ci`.*`npx pitwall`.*\n$/;
  const old = ["/usr/bin/node", "/usr/local/bin/node"].find((node) => isOld(node));

  test.skipIf(old === undefined)("a real one reads no more of the command line than one sentence", () => {
    const ended = spawnSync(old!, [release.bundle("cli"), "--version"], { encoding: "utf8" });
    expect(ended).toMatchObject({ status: 1, stdout: "", stderr: expect.stringMatching(message) });
  });

  test.each([
    "cli",
    ...new Set(
      actionFiles()
        .flatMap(bundlesOf)
        .map((file) => basename(file, ".mjs")),
    ),
  ])("%s says which it needs, before anything else runs", (name) => {
    const pretend = 'Object.defineProperty(process.versions, "node", { value: "22.19.0" })';
    const args = ["--import", `data:text/javascript,${encodeURIComponent(pretend)}`, release.bundle(name), "--version"];
    const ended = spawnSync(process.execPath, args, { encoding: "utf8", env: { GITHUB_ACTIONS: "true" } });
    expect(ended).toMatchObject({ status: 1, stdout: "", stderr: expect.stringMatching(message) });
    expect(ended.stderr).toMatch(/^::error::/);
  });
});

test("a build leaves the command line executable, and so does the package", () => {
  const { stdout } = spawnSync(release.bundle("cli"), ["--version"], { encoding: "utf8" });
  expect(stdout).toBe(`${VERSION}\n`);
  const packed = spawnSync("npm", ["pack", "--dry-run", "--json", "--ignore-scripts"], {
    cwd: release.root,
    encoding: "utf8",
  });
  const [{ files }] = JSON.parse(packed.stdout);
  const { mode } = files.find(({ path }: { path: string }) => path === "dist/cli.mjs");
  expect(mode & 0o111).toBe(0o111);
});

function isOld(node: string): boolean {
  const { stdout } = spawnSync(node, ["--version"], { encoding: "utf8" });
  return Number(/^v(\d+)/.exec(stdout ?? "")?.[1]) < 24;
}

test("the post step has nothing to do, and says so, when the main step left no state", async () => {
  const step = await runStep(release.bundle("stop-engine"));
  expect(step.exitCode).toBe(0);
  expect(step.output).toBe("no engine was started\n");
});
