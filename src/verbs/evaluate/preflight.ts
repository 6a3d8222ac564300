import { UserError } from "../../errors.ts";
import { sourceOf } from "../../evaluate/repository/source.ts";
import type { Tools } from "../../tools.ts";
import { evaluationChecks } from "../doctor/evaluation.ts";
import type { EvaluateInputs } from "./inputs.ts";
import type { Asked } from "./instances.ts";
import { imagesOf } from "./runtime.ts";

/** What would stop every instance is said before the first one begins. @throws UserError with all of it */
export async function checkBefore(
  inputs: EvaluateInputs,
  { instances, specs }: Asked,
  { env, report }: Tools,
): Promise<void> {
  const commits = [...new Set(instances.map(({ baseCommit }) => baseCommit))];
  const { runtime, source } = inputs;
  sourceOf(source, instances[0]!.repo);
  const images = imagesOf(instances, inputs, specs);
  const findings = await evaluationChecks({ runtime, source, commits, images, env });
  const missing = findings.filter(({ state }) => state === "missing");
  const lines = missing.map(({ name, detail, fix }) => `${name}: ${detail}${fix === undefined ? "" : `; ${fix}`}`);
  if (lines.length > 0) throw new UserError(`nothing was run:\n${lines.join("\n")}`);
  for (const { name, detail, fix } of findings.filter((one) => one.isWarning))
    report.warning(`${name}: ${detail}; ${fix}`);
}
