import { listsFromGold } from "../../evaluate/grade/lists.ts";
import type { TestLists } from "../../evaluate/instance.ts";
import type { Asked } from "../../evaluate/results/asked.ts";
import { type Graded, gradeSaved } from "../../evaluate/results/graded.ts";
import { GOLD } from "../../evaluate/work/candidate.ts";
import type { Finished } from "../../evaluate/work/plan.ts";
import { sumOfStages } from "../../evaluate/work/stages.ts";
import { firstLine } from "./results.ts";

/** What an evaluation has finished so far. */
export class FinishedSoFar {
  readonly #asked: Asked;
  readonly #instances: ReadonlyMap<string, Asked["instances"][number]>;
  readonly #graded = new Map<string, Graded>();
  readonly #lists = new Map<string, TestLists | undefined>();

  constructor(asked: Asked) {
    this.#asked = asked;
    this.#instances = new Map(asked.instances.map((one) => [one.id, one]));
  }

  get count(): number {
    return this.#graded.size;
  }

  /** Grades one; the gold patch of an instance comes before its others. @returns a line about it */
  add(id: string, { saved, isReused }: Finished): string {
    const instance = this.#instances.get(id)!;
    const graded = gradeSaved(instance, saved, this.#lists.get(id));
    const { candidate, grade } = graded;
    if (candidate === GOLD.name) this.#lists.set(id, listsFromGold(grade));
    this.#graded.set(keyOf(candidate, id), graded);
    const how = isReused ? "as before" : `${sumOfStages(saved.stages).toFixed(1)} s`;
    const why = grade.detail === "" ? "" : `: ${firstLine(grade.detail)}`;
    return `${candidate} ${id}: ${grade.status} (${how})${why}`;
  }

  /** In the order of candidates. */
  graded(): Graded[] {
    const { candidates, instances } = this.#asked;
    return candidates.flatMap(({ name }) => instances.flatMap(({ id }) => this.#graded.get(keyOf(name, id)) ?? []));
  }
}

const keyOf = (candidate: string, id: string) => JSON.stringify([candidate, id]);
