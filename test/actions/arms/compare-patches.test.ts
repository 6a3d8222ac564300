import { join } from "node:path";
import { expect, test } from "vitest";
import { PACKAGE_ROOT } from "../../../src/package-root.ts";
import { MAPPING, resultsIn } from "../../support/patches/iso-bench.ts";
import { registryServer } from "../../support/registry-server.ts";
import { runStep } from "../../support/run-step.ts";

const COMPARE_PATCHES = join(PACKAGE_ROOT, "src/actions/arms/compare-patches.ts");

test("a step reports on results: outputs for the next one, and a summary", async () => {
  const inputs = { mapping: MAPPING, results: `${resultsIn("separate_agent")},${resultsIn("separate_baseline")}` };
  const { exitCode, outputs, summary } = await runStep(COMPARE_PATCHES, { inputs });
  expect(exitCode).toBe(0);
  expect(outputs).toMatchObject({ commits: "96", complete: "22", wins: "6" });
  expect(summary).toContain("## Patches compared");
});

test("a step takes the repository of images under the name that the command has for it", async () => {
  await using server = await registryServer({ tags: [] });
  const inputs = { mapping: MAPPING, "list-images": "true", repository: server.repository };
  const { exitCode, summary } = await runStep(COMPARE_PATCHES, { inputs });
  expect(exitCode).toBe(0);
  expect(summary).toContain("0 of 96 commits have both images");
});
