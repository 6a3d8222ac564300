import { execFileSync } from "node:child_process";
import { globSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PACKAGE_ROOT } from "../../src/package-root.ts";

const folder = join(PACKAGE_ROOT, "docker");
const files = (pattern: string) => globSync(pattern, { cwd: folder }).toSorted();
const linters = execFileSync(join(PACKAGE_ROOT, "scripts/docker-lint.sh"), { encoding: "utf8", stdio: "pipe" }).trim();
/** @returns what it finds fault with */
function lint(program: string, names: readonly string[]): string {
  try {
    return execFileSync(join(linters, program), names, { cwd: folder, encoding: "utf8", stdio: "pipe" });
  } catch (error) {
    return (error as { stdout: string }).stdout;
  }
}

test("hadolint has nothing to say about the Dockerfiles", () => {
  expect(files("*.Dockerfile").length).toBeGreaterThan(4);
  expect(lint("hadolint", ["--no-color", ...files("*.Dockerfile")])).toBe("");
});

test("shellcheck has nothing to say about the scripts in images", () => {
  expect(lint("shellcheck", ["--color=never", ...files("*.sh")])).toBe("");
});

test("scripts that lie on an image's PATH may be run, for COPY keeps their mode", () => {
  expect(files("*.sh").filter((name) => (statSync(join(folder, name)).mode & 0o111) === 0)).toEqual([]);
});
