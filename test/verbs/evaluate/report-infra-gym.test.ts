import { join } from "node:path";
import { expect, test } from "vitest";
import { PACKAGE_ROOT } from "../../../src/package-root.ts";
import { report } from "../../../src/verbs/evaluate/report.ts";

test("a folder of infra-gym's own results is graded by its files, beside what the script said", async () => {
  const folder = join(PACKAGE_ROOT, "test/fixtures/infra-gym/results");
  const { text, outputs } = await report(["report", folder]);
  expect(outputs).toMatchObject({ instances: 33, resolved: 1 });
  expect(text).toContain("unit_cpu/vllm-project__vllm-4019-4079: success → resolved\n");
  expect(text).toMatch(/33 results of infra-gym's, 29 called a success, 1 resolved$/);
});
