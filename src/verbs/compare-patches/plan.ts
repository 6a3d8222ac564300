import type { ArmKind } from "../../arms/commits/arm-result.ts";
import type { AgentPatch } from "../../arms/commits/read/agent-runs.ts";
import type { Note } from "../../arms/commits/read/analysis.ts";
import { messageOf, UserError } from "../../errors.ts";
import type { Availability } from "../../images/registry/availability.ts";
import type { CommitPair } from "../../images/specs/commit-mapping.ts";
import { armsOf, type PlannedArm } from "./arms.ts";
import { type Given, type Parameters, parametersOf } from "./parameters.ts";

/** One commit, and what is to be measured of it. */
export interface PlannedTask {
  pair: CommitPair;
  arms: readonly PlannedArm[];
  /** undefined where it cannot be measured, for the problem. */
  parameters: Parameters | undefined;
  problem: string | undefined;
}

interface Plan {
  pairs: readonly CommitPair[];
  notes: ReadonlyMap<string, Note>;
  patches: readonly AgentPatch[];
  repository: string;
  types: readonly ArmKind[];
  /** Whether commits were named, which a list of those to skip does not overrule. */
  named: boolean;
  given: Given;
}

/** @param found what is known of images, by tag */
export function plannedTasks(plan: Plan, found: ReadonlyMap<string, Availability>): PlannedTask[] {
  return plan.pairs.map((pair) => {
    const arms = armsOf(pair, plan.patches, { ...plan, found });
    const skip = plan.named ? undefined : skipOf(plan.notes, pair.commit);
    if (skip !== undefined) return { pair, arms, parameters: undefined, problem: `to be skipped: ${skip}` };
    return { pair, arms, ...measurable(pair, plan.given) };
  });
}

const skipOf = (notes: ReadonlyMap<string, Note>, commit: string): string | undefined =>
  [...notes].find(([digits, { skip }]) => skip !== undefined && commit.startsWith(digits))?.[1].skip;

function measurable(pair: CommitPair, given: Given): Pick<PlannedTask, "parameters" | "problem"> {
  try {
    return { parameters: parametersOf(pair, given), problem: undefined };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { parameters: undefined, problem: messageOf(error) };
  }
}
