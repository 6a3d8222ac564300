import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { pitwall } from "../../support/cli.ts";

const VALUES = [1, 1.01, 1, 0.99, 1, 1.01, null, 2, 2.01, 2, 2.02, 2, 2.01];

async function changePoints(content: string, ...flags: string[]) {
  await using folder = await createFixture({ "numbers.json": content });
  return await pitwall(["change-points", "numbers.json", ...flags], folder.path);
}

test("change points are printed with the last number before each, which runs without one may lie behind", async () => {
  const { exitCode, stdout } = await changePoints(JSON.stringify(VALUES), "--json");
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toEqual([
    expect.objectContaining({ index: 7, after: 5, ratio: expect.closeTo(2.003, 3) }),
  ]);
});

test("people see a table", async () => {
  const { stdout } = await changePoints(JSON.stringify(VALUES));
  expect(stdout).toContain("1 change point in 12 numbers");
  expect(stdout).toContain("+100.3 %");
});

test("a limit that no probability can be, and no file, are errors", async () => {
  const { exitCode, stderr } = await changePoints("[1]", "--p-value", "2");
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain("--p-value: must be a number between 0 and 1, as in 0.001 or 1e-5");
  const none = await pitwall(["change-points"]);
  expect(none.exitCode).not.toBe(0);
  expect(none.stderr).toContain("name one file: pitwall change-points FILE");
});
