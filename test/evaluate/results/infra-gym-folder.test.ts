import { join } from "node:path";
import { expect, test } from "vitest";
import { gradeInfraGym } from "../../../src/evaluate/results/infra-gym-folder.ts";
import { PACKAGE_ROOT } from "../../../src/package-root.ts";

const graded = await gradeInfraGym(join(PACKAGE_ROOT, "test/fixtures/infra-gym/results"));

test("real results of infra-gym, which calls almost all of them a success, are graded by what their files prove", async () => {
  const lines = graded.map(({ folder, said, grade }) => `${folder}: ${said} → ${grade.status}: ${grade.detail}`);
  await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("../../fixtures/infra-gym/grades.txt");
});
