import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { staleFiles } from "../../scripts/generate.ts";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { configKeys, VERBS } from "../../src/verbs/registry.ts";
import { actionFiles, readActionFile } from "../support/action-files.ts";

test("action.yml, pages, JSON Schemas and the list of commands match the verbs: npm run generate", async () => {
  expect([...(await staleFiles()).keys()]).toEqual([]);
});

test("the schema of pitwall.yml knows the keys that pitwall.yml may hold", () => {
  const schema = JSON.parse(readFileSync(join(PACKAGE_ROOT, "docs/pitwall.schema.json"), "utf8"));
  expect(Object.keys(schema.properties).toSorted()).toEqual(configKeys);
});

test("no default of an input is shown as an object", () => {
  const files = ["docs/verbs.md", ...actionFiles().flatMap((path) => [path, path.replace("action.yml", "README.md")])];
  const texts = files.map((path) => readFileSync(join(PACKAGE_ROOT, path), "utf8"));
  expect(files.filter((_, index) => texts[index]!.includes("[object "))).toEqual([]);
});

test("every action is named after a verb", () => {
  const names = actionFiles().map((path) => readActionFile(path).name);
  const verbs = VERBS.map(({ name }) => `pitwall ${name}`);
  expect(names.filter((name) => !["pitwall", ...verbs].includes(name))).toEqual([]);
});

test.each(actionFiles())(
  "%s has no default, which would win over pitwall.yml, and no expression in a description",
  (path) => {
    const { inputs, outputs } = readActionFile(path);
    for (const [name, input] of Object.entries(inputs)) expect(Object.keys(input), name).toEqual(["description"]);
    const described = [...Object.values(inputs), ...Object.values(outputs)];
    expect(described.filter(({ description }) => description.includes("${{"))).toEqual([]);
  },
);
