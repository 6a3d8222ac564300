import { join } from "node:path";
import { makeFolder } from "../../files.ts";
import type { Tools } from "../../tools.ts";
import type { Evidence, PhaseRun } from "../evidence.ts";
import type { Instance } from "../instance.ts";
import { makeOwnRepository } from "../repository/own-repository.ts";
import { makeTreeAfter, makeTreeBefore, type PatchFiles } from "../repository/patched-tree.ts";
import { RepositoryError } from "../repository/sealed-git.ts";
import type { Source } from "../repository/source.ts";
import type { Owner } from "../runtime/owner.ts";
import { type Limits, type Runtime, type Stopped, stopped } from "../runtime/runtime.ts";
import { type Stages, timed } from "./stages.ts";

export interface InstanceWork {
  instance: Instance;
  runtime: Runtime;
  source: Source;
  mirrors: string;
  /** Made for it alone, below the owner's folder; removed by the caller. */
  folder: string;
  gpus: readonly string[];
  runs: number;
  limits: Limits;
}

type Refused = Extract<Evidence, { kind: "patch_failed" }>;

/** What all candidates of an instance share: its repository, the names of its test files, and the phase before. */
export interface Before {
  base: string;
  testFiles: PatchFiles;
  runs: readonly PhaseRun[];
}

/**
 * Makes the instance's repository and runs its tests without a candidate.
 * @param results folder of the phase's logs
 * @param known runs of an earlier evaluation with the same key: not made again
 */
export async function runBefore(
  work: InstanceWork,
  { results, known, stages }: { results: string; known: readonly PhaseRun[] | undefined; stages: Stages },
  owner: Owner,
  tools: Tools,
): Promise<Before | Stopped | Refused> {
  const base = join(work.folder, "base");
  const failed = await timed(stages, "repository", () => makeBase(work, base, tools));
  if (failed !== undefined) return failed;
  const tree = join(work.folder, "before");
  const { testPatch } = work.instance;
  const applied = await timed(stages, "patches", () => makeTreeBefore({ base, folder: tree, testPatch }, tools));
  if (applied.kind === "refused") return { kind: "patch_failed", which: applied.which, detail: applied.detail };
  const made = { base, testFiles: applied };
  if (known !== undefined) return { ...made, runs: known };
  const outcome = await runPhase(work, { phase: "before", tree, results, stages }, owner, tools);
  return outcome.kind === "ran" ? { ...made, runs: outcome.runs } : outcome;
}

async function makeBase(
  { instance, source, mirrors }: InstanceWork,
  folder: string,
  tools: Tools,
): Promise<Stopped | undefined> {
  try {
    await makeOwnRepository({ folder, mirrors, source, commit: instance.baseCommit }, tools);
    return undefined;
  } catch (error) {
    if (!(error instanceof RepositoryError)) throw error;
    return stopped("repository", "environment", error.message);
  }
}

/** Runs the tests with a candidate, in a tree of its own. */
export async function runAfter(
  work: InstanceWork,
  { base, testFiles, runs: before }: Before,
  { candidate, name, results, stages }: { candidate: string; name: string; results: string; stages: Stages },
  owner: Owner,
  tools: Tools,
): Promise<Evidence> {
  const tree = join(work.folder, name);
  const { testPatch } = work.instance;
  const wanted = { base, folder: tree, testPatch, testFiles, candidate };
  const refused = await timed(stages, "patches", () => makeTreeAfter(wanted, tools));
  if (refused !== undefined) return { kind: "patch_failed", which: refused.which, detail: refused.detail };
  const outcome = await runPhase(work, { phase: "after", tree, results, stages }, owner, tools);
  return outcome.kind === "ran" ? { kind: "phases", before: [...before], after: outcome.runs } : outcome;
}

interface PhasePlace {
  phase: "before" | "after";
  tree: string;
  results: string;
  stages: Stages;
}

async function runPhase(work: InstanceWork, place: PhasePlace, owner: Owner, tools: Tools) {
  const { runtime, instance, gpus, runs, limits } = work;
  const { stages, ...where } = place;
  await makeFolder(place.results);
  const began = performance.now();
  const outcome = await runtime.runPhase({ instance, gpus, runs, limits, ...where }, owner, tools);
  const setUp = outcome.kind === "ran" ? outcome.setUpSeconds : 0;
  stages.setUp += setUp;
  stages[place.phase] += (performance.now() - began) / 1000 - setUp;
  await runtime.removeTree(place.tree);
  return outcome;
}
