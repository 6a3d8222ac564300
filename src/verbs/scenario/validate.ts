import { existsSync } from "node:fs";
import { join } from "node:path";
import { readAccuracyFile } from "../../accuracy/settings/accuracy-file.ts";
import { readCases } from "../../functional/config/read.ts";
import { counted } from "../../result/counted.ts";
import { attempt, yamlFiles } from "../../scenario/catalogue.ts";
import { type NamedFile, namedFiles } from "../../scenario/named-files.ts";
import { Profile } from "../../scenario/profile.ts";
import type { Scenario } from "../../scenario/scenario.ts";
import type { Tools } from "../../tools.ts";
import { readYaml } from "../../yaml/file.ts";
import type { Outcome } from "../verb.ts";
import { catalogueOf } from "./catalogue.ts";
import type { ScenarioInputs } from "./inputs.ts";
import { VERBS_OF_STAGES } from "./run.ts";
import { ownSettings } from "./stages/accuracy.ts";
import { refuseStrayInputs } from "./stages/given.ts";
import { refuseNoServer } from "./stages/ready.ts";

/** Every file below the root, and every mistake of each with its line. */
export async function validateAll(inputs: ScenarioInputs, { env }: Pick<Tools, "env">): Promise<Outcome> {
  const { folder, scenarios, bad, problems } = await catalogueOf(inputs);
  const tests = await checkedTests(join(folder, "tests"));
  const named = await Promise.all([...scenarios.values()].map(namedProblems));
  const own = await Promise.all([...scenarios.values()].map((scenario) => ownProblems(scenario, env)));
  const all = [...new Set([...bad.values(), ...problems, ...tests.problems, ...named.flat(), ...own.flat()])];
  const good = `${counted(scenarios.size, "scenario")} and ${counted(tests.files, "file")} of tests in ${folder}, all good`;
  const text = all.length === 0 ? good : all.join("\n");
  return { ok: all.length === 0, outputs: { good: all.length === 0 }, json: { problems: all }, text };
}

/** What is wrong with a scenario's own words for its stages, which their verbs read. */
async function ownProblems(scenario: Scenario, env: NodeJS.ProcessEnv): Promise<string[]> {
  const looks = [
    () => ownSettings(scenario),
    () => refuseStrayInputs(scenario, VERBS_OF_STAGES),
    () => refuseNoServer(scenario, env),
  ];
  const found = await Promise.all(looks.map((look) => attempt(async () => void look())));
  return found.flatMap((one) => (one === undefined ? [] : [one.problem]));
}

/** What is wrong with the files that a scenario names: they may lie anywhere. */
async function namedProblems(scenario: Scenario): Promise<string[]> {
  const problems = namedFiles(scenario).map(async ([key, path]) => {
    if (!existsSync(path)) return [`scenario ${scenario.id}: ${key}: ${path} does not exist`];
    const found = await attempt(async () => await NAMED[key]?.(path));
    return typeof found === "object" && "problem" in found ? [String(found.problem)] : [];
  });
  return (await Promise.all(problems)).flat();
}

const readProfile = (path: string) => readYaml(path, Profile);
const readFunctional = (path: string) => readCases({ path, flag: "functional", wholeSuite: true });
/** Those that are ours to read. */
const NAMED: Partial<Record<NamedFile, (path: string) => Promise<object>>> = {
  "perf.profile": readProfile,
  functional: readFunctional,
};

const readers: { folder: string; isOf(name: string): boolean; read(path: string): Promise<object> }[] = [
  { folder: "perf", isOf: () => true, read: readProfile },
  { folder: "accuracy", isOf: () => true, read: (path) => readAccuracyFile(path) },
  { folder: "", isOf: (name) => /^accuracy\.ya?ml$/.test(name), read: (path) => readAccuracyFile(path) },
  { folder: "", isOf: (name) => name.startsWith("functional"), read: readFunctional },
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
