import { existsSync } from "node:fs";
import { join } from "node:path";
import type { ArmResult } from "../../../arms/commits/arm-result.ts";
import { readResult } from "../../../arms/commits/read/result-file.ts";
import { type ArmOutcome, resultContent } from "../../../arms/commits/write/result-content.ts";
import { UserError } from "../../../errors.ts";
import { writeJson } from "../../../files.ts";
import { readPlain } from "../../../plain-file.ts";
import type { PlannedArm } from "../arms.ts";

/** Where the result of an arm is, as ISO-Bench has them; its agents have no names, so each attempt has a folder. */
function resultFile(output: string, short: string, { kind, name }: Pick<PlannedArm, "kind" | "name">): string {
  if (kind === "baseline") return join(output, "baseline_benchmark_results", `${short}_baseline_result.json`);
  const folder = join(output, "agent_benchmark_results");
  return join(folder, ...(kind === "agent" ? [name] : []), `${short}_${kind}_result.json`);
}

/** The result that an earlier call left of an arm; undefined for none, or a broken one. */
export async function earlierResult(output: string, short: string, arm: PlannedArm): Promise<ArmResult | undefined> {
  const path = resultFile(output, short, arm);
  if (!existsSync(path)) return undefined;
  try {
    return readResult(await readPlain(path), { path, arm: arm.kind, short });
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

export async function writeOutcome(output: string, arm: PlannedArm, outcome: ArmOutcome): Promise<void> {
  await writeJson(resultFile(output, outcome.short, arm), resultContent(outcome));
}
