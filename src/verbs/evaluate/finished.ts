import { grade } from "../../evaluate/grade/grade.ts";
import { listsFromGold } from "../../evaluate/grade/lists.ts";
import type { Instance, TestLists } from "../../evaluate/instance.ts";
import type { Asked } from "../../evaluate/results/asked.ts";
import { type Graded, gradeAll } from "../../evaluate/results/graded.ts";
import { testedOf } from "../../evaluate/tested.ts";
import { GOLD } from "../../evaluate/work/candidate.ts";
import type { Finished } from "../../evaluate/work/plan.ts";
import type { SavedEvidence } from "../../evaluate/work/saved-evidence.ts";
import { sumOfStages } from "../../evaluate/work/stages.ts";
import { firstLine } from "./results.ts";

/** What an evaluation has finished so far. */
export class FinishedSoFar {
  readonly #saved = new Map<string, SavedEvidence>();
  readonly #lists = new Map<string, TestLists | undefined>();

  get count(): number {
    return this.#saved.size;
  }

  /** Grades one; the gold patch of an instance comes before its others. @returns a line about it */
  add(instance: Instance, { saved, isReused }: Finished): string {
    const { candidate, evidence, stages, environment } = saved;
    const lists = instance.lists ?? this.#lists.get(instance.id);
    const { status, ...result } = grade(testedOf(instance), evidence, lists, environment?.absentKernels);
    if (candidate === GOLD.name) this.#lists.set(instance.id, listsFromGold({ status, ...result }));
    this.#saved.set(keyOf(candidate, instance.id), saved);
    const how = isReused ? "as before" : `${sumOfStages(stages).toFixed(1)} s`;
    const why = result.detail === "" ? "" : `: ${firstLine(result.detail)}`;
    return `${candidate} ${instance.id}: ${status} (${how})${why}`;
  }

  /** In the order of candidates. */
  graded(asked: Asked): Graded[] {
    const { results } = gradeAll(asked, (candidate, id) => this.#saved.get(keyOf(candidate, id)));
    return results.filter(({ saved }) => saved !== undefined);
  }
}

const keyOf = (candidate: string, id: string) => JSON.stringify([candidate, id]);
