import type { Evidence } from "../evidence.ts";
import type { Instance } from "../instance.ts";
import type { Owner } from "../runtime/owner.ts";
import type { Candidate } from "./candidate.ts";
import { taskOf } from "./key.ts";
import type { Evaluation } from "./plan.ts";
import type { Resources } from "./resources.ts";
import { type SavedEvidence, saveEvidence } from "./saved-evidence.ts";
import { noStages, type Stages } from "./stages.ts";

/** One instance of an evaluation, and what it shares with the others. */
export interface InstanceEvaluation {
  evaluation: Evaluation;
  instance: Instance;
  resources: Resources;
  owner: Owner;
}

/** A candidate with its patch for the instance. */
export interface Task {
  candidate: Candidate;
  patch: string;
}

/** What a result is known by; null where it stopped before that was known. */
export type Keys = Pick<SavedEvidence, "key" | "beforeKey" | "environment">;

interface Ending {
  evidence: Evidence;
  stages: Stages;
  startedAt: Date;
  logs: readonly string[];
}

/** Saves what became of a task, with the logs of its phases. */
export async function finish(
  { evaluation, instance }: InstanceEvaluation,
  task: Task & Keys,
  ending: Ending,
): Promise<void> {
  const { evidence, stages, startedAt, logs } = ending;
  const { key, beforeKey, environment } = task;
  const saved: SavedEvidence = {
    schema: "pitwall.evidence/1",
    instance: instance.id,
    candidate: task.candidate.name,
    task: taskOf(instance, task.patch),
    ...{ key, beforeKey, environment, stages, evidence },
    startedAt: startedAt.toISOString(),
  };
  await saveEvidence(evaluation.output, saved, logs);
  await evaluation.onFinished(instance, { saved, isReused: false });
}

/** All that is to be said of tasks that were never begun. */
export async function finishAll(one: InstanceEvaluation, tasks: readonly Task[], evidence: Evidence): Promise<void> {
  for (const task of tasks) {
    const unknown = { ...task, key: null, beforeKey: null, environment: null };
    await finish(one, unknown, { evidence, stages: noStages(), startedAt: new Date(), logs: [] });
  }
}
