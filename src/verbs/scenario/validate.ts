import { join } from "node:path";
import { readAccuracyFile } from "../../accuracy/settings/accuracy-file.ts";
import { readCases } from "../../functional/config/read.ts";
import { counted } from "../../result/counted.ts";
import { attempt, yamlFiles } from "../../scenario/catalogue.ts";
import { Profile } from "../../scenario/profile.ts";
import { readYaml } from "../../yaml/file.ts";
import type { Outcome } from "../verb.ts";
import { catalogueOf } from "./catalogue.ts";
import type { ScenarioInputs } from "./inputs.ts";

/** Every file below the root, and every mistake of each with its line. */
export async function validateAll(inputs: ScenarioInputs): Promise<Outcome> {
  const { folder, scenarios, bad, problems } = await catalogueOf(inputs);
  const tests = await checkedTests(join(folder, "tests"));
  const all = [...bad.values(), ...problems, ...tests.problems];
  const good = `${counted(scenarios.size, "scenario")} and ${counted(tests.files, "file")} of tests in ${folder}, all good`;
  const text = all.length === 0 ? good : all.join("\n");
  return { ok: all.length === 0, outputs: { good: all.length === 0 }, json: { problems: all }, text };
}

const readers: { folder: string; isOf(name: string): boolean; read(path: string): Promise<object> }[] = [
  { folder: "perf", isOf: () => true, read: (path) => readYaml(path, Profile) },
  { folder: "accuracy", isOf: () => true, read: (path) => readAccuracyFile(path) },
  { folder: "", isOf: (name) => /^accuracy\.ya?ml$/.test(name), read: (path) => readAccuracyFile(path) },
  {
    folder: "",
    isOf: (name) => name.startsWith("functional"),
    read: (path) => readCases({ path, flag: "functional", wholeSuite: true }),
  },
];

async function checkedTests(tests: string): Promise<{ files: number; problems: string[] }> {
  const problems: string[] = [];
  let files = 0;
  for (const { folder, isOf, read } of readers) {
    for (const name of (await yamlFiles(join(tests, folder))).filter(isOf)) {
      files += 1;
      const found = await attempt(() => read(join(tests, folder, name)));
      if ("problem" in found) problems.push(String(found.problem));
    }
  }
  return { files, problems };
}
