import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { readableMatrix, readCatalogue, scenarioNamed } from "../../src/scenario/catalogue.ts";

const scenario = (id: string) => `id: ${id}\nmode: local\nmodel: m\nbase_url: http://127.0.0.1:9000/v1\n`;
const nothing = { scenarios: {}, matrix: {} };

test("a broken file hides no other scenario, and says what is wrong with it", async () => {
  await using root = await createFixture({
    "configs/scenarios/a.yaml": scenario("a"),
    "configs/scenarios/b.yaml": "id: b\nmode: nowhere\n",
  });
  const catalogue = await readCatalogue(root.path, nothing);
  expect(scenarioNamed("a", catalogue).model).toBe("m");
  expect(() => scenarioNamed("b", catalogue)).toThrow(/b\.yaml:2: mode: must be one of/);
});

test("an unknown scenario is an error with the choices", async () => {
  await using root = await createFixture({ "scenarios/local_a.yaml": scenario("local_a") });
  const catalogue = await readCatalogue(root.path, nothing);
  expect(() => scenarioNamed("local_b", catalogue)).toThrow(
    "no scenario “local_b”; there are local_a; did you mean “local_a”?",
  );
});

test("a matrix that names a scenario which is not there is told", async () => {
  await using root = await createFixture({
    "configs/scenarios/a.yaml": scenario("a"),
    "configs/matrix.yaml": "a: {pr: {functional: all}}\nc: {pr: {perf: true}}\n",
  });
  expect((await readCatalogue(root.path, nothing)).problems).toEqual([
    expect.stringContaining("no scenario “c”; there are a"),
  ]);
});

test("two files with one id are told, and neither is taken for the one that is meant", async () => {
  await using root = await createFixture({ "scenarios/a.yaml": scenario("a"), "scenarios/b.yaml": scenario("a") });
  const catalogue = await readCatalogue(root.path, nothing);
  const told = "b.yaml: there is another scenario “a”";
  expect([...catalogue.bad.values()]).toEqual([expect.stringContaining(told)]);
  expect(() => scenarioNamed("a", catalogue)).toThrow(told);
});

test("stages of a matrix that cannot be read are an error, not all of them", async () => {
  await using root = await createFixture({
    "configs/scenarios/a.yaml": scenario("a"),
    "configs/matrix.yaml": "a: {pr: {functional: smoke}}\n",
  });
  const catalogue = await readCatalogue(root.path, nothing);
  expect(() => readableMatrix(catalogue)).toThrow(/matrix\.yaml:1: a\.pr\.functional/);
  expect(catalogue.problems).toEqual([expect.stringContaining("matrix.yaml:1: a.pr.functional")]);
});

test("a matrix that is not there is an empty one", async () => {
  await using root = await createFixture({ "configs/scenarios/a.yaml": scenario("a") });
  expect(readableMatrix(await readCatalogue(root.path, nothing))).toEqual({});
});

test("scenarios of pitwall.yml stand beside those of files", async () => {
  await using root = await createFixture({ "scenarios/a.yaml": scenario("a") });
  const given = { scenarios: { z: { id: "z", mode: "local" as const, model: "m" } }, matrix: { z: { pr: {} } } };
  const { scenarios, problems } = await readCatalogue(root.path, given);
  expect([[...scenarios.keys()].toSorted(), problems]).toEqual([["a", "z"], []]);
});

test("an empty root has no scenario, and says how to write one", async () => {
  await using root = await createFixture({ "x.txt": "" });
  const catalogue = await readCatalogue(root.path, nothing);
  expect(() => scenarioNamed("a", catalogue)).toThrow("pitwall scenario new a");
});
