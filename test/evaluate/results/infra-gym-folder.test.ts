import { join } from "node:path";
import { expect, test } from "vitest";
import { gradeInfraGym } from "../../../src/evaluate/results/infra-gym-folder.ts";
import { PACKAGE_ROOT } from "../../../src/package-root.ts";

const graded = await gradeInfraGym(join(PACKAGE_ROOT, "test/fixtures/infra-gym/results"));

test("real results of infra-gym, which calls almost all of them a success, are graded by what their files prove", () => {
  const lines = graded.map(({ folder, said, grade }) => `${folder}: ${said} → ${grade.status}: ${grade.detail}`);
  expect(`${lines.join("\n")}\n`).toMatchFileSnapshot("../../fixtures/infra-gym/grades.txt");
});
