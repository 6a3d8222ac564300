import type { ArmResult } from "../arm-result.ts";
import type { Task } from "../tasks.ts";

/** Where a commit stands; each is in exactly one, so that they add up. */
export const CATEGORIES = {
  complete: "Baseline, human and an agent have numbers.",
  human_and_agent: "Human and an agent have numbers, the baseline has none.",
  agent_crashed: "The human has numbers, and the engine crashed with every agent's patch.",
  image_missing: "An image that it takes is not there.",
  human_only: "The human has numbers, no agent has.",
  human_failed: "The human's commit was tried and has no numbers.",
  unknown_model: "Nobody knows which model it was measured with.",
  large_model: "Its model is too large for the machine.",
  version_bug: "Its version of the engine has a defect that keeps it from running.",
  baseline_failed: "The baseline did not run anywhere.",
  elsewhere_only: "Measured elsewhere, not here.",
  not_run: "It was not tried.",
  other: "Something else.",
} as const satisfies Record<string, string>;
export type Category = keyof typeof CATEGORIES;

const isMeasured = (result: ArmResult | undefined) => result?.end === "measured";

/** By what results prove; only where there are none, by what others found out. */
export function categoryOf(task: Task): Category {
  const { human, attempts } = task;
  const results = attempts.map(({ result }) => result);
  if (isMeasured(human)) return withHuman(task, results);
  const isImageMissing = human?.end === "image_missing" || task.note.hasHumanImage === false;
  const noted = notedCategory(task);
  if (human !== undefined && human.end !== "skipped" && noted === "not_run")
    return isImageMissing ? "image_missing" : "human_failed";
  if (isImageMissing && noted === "not_run") return "image_missing";
  return noted;
}

function withHuman(task: Task, results: readonly ArmResult[]): Category {
  // A mapping keeps a number of an earlier run of the baseline, which proves that there is one and nothing more.
  const hasBaseline = isMeasured(task.baseline) || task.pair?.baselineThroughput !== undefined;
  if (results.some(isMeasured)) return hasBaseline ? "complete" : "human_and_agent";
  if (results.some(({ error }) => /crashed/i.test(error ?? ""))) return "agent_crashed";
  if (results.some(({ end }) => end === "image_missing")) return "image_missing";
  return "human_only";
}

/** Words of ISO-Bench's analyses. */
const NOTED: Readonly<Record<string, Category>> = {
  unknown_model: "unknown_model",
  large_models: "large_model",
  baseline_failed_everywhere: "baseline_failed",
  claude_success_not_local: "elsewhere_only",
};
const TOO_LARGE = /too large|multi-GPU/i;

function notedCategory({ pair, note }: Task): Category {
  const known = NOTED[note.category ?? ""];
  if (known === "large_model" || TOO_LARGE.test(note.skip ?? "")) return "large_model";
  if (known === "unknown_model" || isUnknown(pair)) return "unknown_model";
  if (note.elsewhere === "version_bug") return "version_bug";
  if (known !== undefined) return known;
  if (note.elsewhere === "success") return "elsewhere_only";
  return note.skip === undefined ? "not_run" : "other";
}

const isUnknown = (pair: Task["pair"]) =>
  pair !== undefined && (pair.model === undefined || pair.model === "unknown" || pair.perfCommand === undefined);
