import { existsSync } from "node:fs";
import { join } from "node:path";
import type { RunType } from "../../../scenario/matrix.ts";
import { loadOf, Profile, STANDARD_PROFILES, unusedOf } from "../../../scenario/profile.ts";
import type { Scenario } from "../../../scenario/scenario.ts";
import type { Tools } from "../../../tools.ts";
import { readYaml } from "../../../yaml/file.ts";
import { serveBenchmark } from "../../serve-benchmark/serve-benchmark.ts";
import { stageInputs } from "./given.ts";
import type { Found } from "./stage.ts";

interface Place {
  folder: string;
  env: NodeJS.ProcessEnv;
}

/**
 * The loads of a scenario: of the profile it names, else of VLLM_CIBENCH_PERF_PROFILE, else of configs/tests/perf/<run
 * type>.yaml, else the standard ones. @throws UsageError with FILE:LINE
 */
export async function profileOf(
  { perf }: Scenario,
  runType: RunType,
  { folder, env }: Place,
): Promise<{ profile: Profile; unused: string[] }> {
  const own = join(folder, "tests", "perf", `${runType}.yaml`);
  const file = perf?.profile ?? (env.VLLM_CIBENCH_PERF_PROFILE || (existsSync(own) ? own : undefined));
  const profile = file === undefined ? STANDARD_PROFILES[runType] : (await readYaml(file, Profile)).data;
  return { profile, unused: unusedOf(profile) };
}

/** Measures every combination of concurrency and lengths against the engine that is ready. */
export async function measure(
  scenario: Scenario,
  { output, ...place }: Place & { output: string; runType: RunType },
  tools: Tools,
): Promise<Found> {
  const { profile, unused } = await profileOf(scenario, place.runType, place);
  if (unused.length > 0) {
    tools.report.warning(`${unused.join(", ")} of the profile are not used: lengths are exact and answers greedy here`);
  }
  const inputs = stageInputs(serveBenchmark, scenario, {
    decided: { output },
    derived: loadOf(profile),
    env: place.env,
  });
  const { ok, text } = await serveBenchmark.run(inputs, tools);
  if (text !== undefined) tools.report.info(text);
  return { state: ok ? "ok" : "failed", detail: ok ? undefined : "not every combination has numbers" };
}
