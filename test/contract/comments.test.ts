import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { sourceFiles } from "../support/source-files.ts";

/** Such a comment leaves its subject to the name below it, and a stranger has to guess. */
const BARE = /(?:\/\/|\/\*\*|^\s*\*) Of /;

test("no comment begins with a bare “Of”: it says what the thing is", () => {
  const found = ["src", "site", "scripts", "test"].flatMap(sourceFiles).flatMap((path) =>
    readFileSync(join(PACKAGE_ROOT, path), "utf8")
      .split("\n")
      .flatMap((line, index) => (BARE.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
  );
  expect(found).toEqual([]);
});
