import { existsSync } from "node:fs";
import { join } from "node:path";
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
  const others = await problemsOfTests(join(folder, "tests"));
  const all = [...bad.values(), ...problems, ...others];
  const good = `${counted(scenarios.size, "scenario")} in ${folder}, all good`;
  const text = all.length === 0 ? good : all.join("\n");
  return { ok: all.length === 0, outputs: { good: all.length === 0 }, json: { problems: all }, text };
}

async function problemsOfTests(folder: string): Promise<string[]> {
  const problems: string[] = [];
  const perf = join(folder, "perf");
  for (const name of existsSync(perf) ? await yamlFiles(perf) : []) {
    const found = await attempt(() => readYaml(join(perf, name), Profile));
    if ("problem" in found) problems.push(found.problem);
  }
  return problems;
}
