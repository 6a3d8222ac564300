import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { readCatalogue } from "../../src/scenario/catalogue.ts";
import { Profile } from "../../src/scenario/profile.ts";
import { readYaml } from "../../src/yaml/file.ts";

const EXAMPLES = join(PACKAGE_ROOT, "docs/examples/vllm-cibench");

test("every scenario that we ship is valid, and the matrix names no other", async () => {
  const { scenarios, bad, problems, matrix } = await readCatalogue(EXAMPLES, { scenarios: {}, matrix: {} });
  expect([[...bad.values()], problems]).toEqual([[], []]);
  expect([...scenarios.keys()].toSorted()).toEqual(Object.keys(matrix).toSorted());
});

test.each(["pr", "daily"])("the load of a %s run is valid", async (name) => {
  const { data } = await readYaml(join(EXAMPLES, `configs/tests/perf/${name}.yaml`), Profile);
  expect(data.profile).toBe(name);
});

test.each([
  ["main", 1],
  ["a-branch", 0],
])("the hook's answer to a push of %s is %i", (branch, status) => {
  const input = `refs/heads/x ${"1".repeat(40)} refs/heads/${branch} ${"0".repeat(40)}\n`;
  expect(spawnSync("sh", [join(EXAMPLES, "hooks/pre-push")], { input }).status).toBe(status);
});
