import { join } from "node:path";
import { messageOf } from "../../errors.ts";
import type { Tools } from "../../tools.ts";
import type { Evidence, PhaseRun } from "../evidence.ts";
import type { Instance } from "../instance.ts";
import type { Owner } from "../runtime/owner.ts";
import { gpusNeeded } from "../runtime/pytest.ts";
import { type Environment, type Stopped, stopped } from "../runtime/runtime.ts";
import { EMPTY } from "./candidate.ts";
import { finish, finishAll, type InstanceEvaluation, type Keys, type Task } from "./finish.ts";
import { type Before, type InstanceWork, runAfter, runBefore } from "./instance-run.ts";
import { keyOf } from "./key.ts";
import { limited } from "./limited.ts";
import type { Evaluation } from "./plan.ts";
import { isFinal, isThrough, readEvidence } from "./saved-evidence.ts";
import { noStages, type Stages, sumOfStages } from "./stages.ts";

/** Runs all candidates on one instance, once there is a place and GPUs for it. @throws the signal's reason only */
export async function evaluateInstance(one: InstanceEvaluation, tools: Tools): Promise<void> {
  const { evaluation, instance, resources } = one;
  const tasks = evaluation.candidates.flatMap((candidate): Task[] => {
    const patch = candidate.patchOf(instance);
    return patch === undefined ? [] : [{ candidate, patch }];
  });
  const needed = gpusNeeded(instance);
  const impossible = whyNot(instance, needed, resources.gpuCount);
  if (impossible !== undefined) return finishAll(one, tasks, impossible);
  const { gpus, release } = await resources.take(needed, tools.signal);
  try {
    await evaluateTasks(one, tasks, gpus, tools);
  } finally {
    release();
  }
}

function whyNot({ targets }: Instance, needed: number, there: number): Evidence | undefined {
  if (targets.kind === "none") return { kind: "no_tests", detail: "the dataset names neither tests nor test files" };
  if (needed <= there) return undefined;
  return stopped("container", "environment", `it needs ${needed} of the ${there} GPUs that there are; see --gpus`);
}

async function evaluateTasks(one: InstanceEvaluation, tasks: readonly Task[], gpus: readonly string[], tools: Tools) {
  const { evaluation, instance, owner } = one;
  const environment = await environmentOf(one, tools);
  if ("kind" in environment) return finishAll(one, tasks, environment);
  const open: OpenTask[] = [];
  let known: readonly PhaseRun[] | undefined;
  for (const task of tasks) {
    const keys = keysOf(evaluation, instance, task, environment);
    const saved = evaluation.resume
      ? await readEvidence(evaluation.output, task.candidate.name, instance.id)
      : undefined;
    if (saved?.beforeKey === keys.beforeKey && saved.evidence.kind === "phases" && isThrough(saved.evidence.before))
      known ??= saved.evidence.before;
    if (saved?.key === keys.key && isFinal(saved)) await evaluation.onFinished(instance, { saved, isReused: true });
    else open.push({ ...task, ...keys, environment });
  }
  if (open.length === 0) return;
  const folder = join(owner.folder, instance.id);
  try {
    await runOpen({ ...one, folder, gpus, known }, open, tools);
  } finally {
    await evaluation.runtime.removeTree(folder);
  }
}

async function environmentOf(
  { evaluation, instance }: InstanceEvaluation,
  tools: Tools,
): Promise<Environment | Stopped> {
  try {
    return await evaluation.runtime.environmentOf(instance, tools);
  } catch (error) {
    tools.signal.throwIfAborted();
    return stopped("container", "environment", messageOf(error));
  }
}

interface OpenTask extends Task, Keys {}

function keysOf(
  { runs, limitsOf, settings }: Evaluation,
  instance: Instance,
  { patch }: Task,
  environment: Environment,
) {
  const made = { instance, environment, runs, limits: limitsOf(instance), settings };
  return { key: keyOf({ ...made, candidate: patch }), beforeKey: keyOf({ ...made, candidate: undefined }) };
}

interface OpenRun extends InstanceEvaluation {
  folder: string;
  gpus: readonly string[];
  /** The phase before, from an earlier evaluation. */
  known: readonly PhaseRun[] | undefined;
}

/** The phase before once, then each candidate. */
async function runOpen(run: OpenRun, open: readonly OpenTask[], tools: Tools): Promise<void> {
  const { evaluation, instance, owner, folder, gpus, known } = run;
  const { runtime, mirrors, runs } = evaluation;
  const limits = evaluation.limitsOf(instance);
  const work: InstanceWork = {
    instance,
    runtime,
    mirrors,
    runs,
    limits,
    folder,
    gpus,
    source: evaluation.sourceOf(instance),
  };
  const startedAt = new Date();
  const shared = noStages();
  const results = join(folder, "results-before");
  const answered = open.filter(({ candidate, patch }) => candidate === EMPTY || patch.trim() !== "");
  const place = { results, known, stages: shared };
  const before =
    answered.length === 0
      ? undefined
      : await limited(limits.instanceSeconds, tools, (own) => runBefore(work, place, owner, own));
  for (const [number, task] of open.entries()) {
    const stages = { ...shared };
    const own = join(folder, `results-after-${number}`);
    const evidence = await evidenceOf(
      before,
      task,
      { work, number, results: own, stages, seconds: limits.instanceSeconds, owner },
      tools,
    );
    await finish(run, task, { evidence, stages, startedAt, logs: [results, own] });
  }
}

interface AfterPlace {
  work: InstanceWork;
  number: number;
  results: string;
  stages: Stages;
  seconds: number;
  owner: Owner;
}

async function evidenceOf(
  before: Before | Evidence | undefined,
  task: OpenTask,
  place: AfterPlace,
  tools: Tools,
): Promise<Evidence> {
  const { candidate, patch } = task;
  if (before === undefined || (candidate !== EMPTY && patch.trim() === "")) return { kind: "empty_patch" };
  if ("kind" in before) return before;
  const { work, number, results, stages, seconds, owner } = place;
  const after = { candidate: patch, name: `after-${number}`, results, stages };
  const left = Math.max(1, seconds - sumOfStages(stages));
  return limited(left, tools, (own) => runAfter(work, before, after, owner, own));
}
