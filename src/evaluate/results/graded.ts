import { createHash } from "node:crypto";
import type { Evidence } from "../evidence.ts";
import { type Validity, validityOf } from "../grade/controls.ts";
import { type Judged, judge } from "../grade/grade.ts";
import { listsFromGold } from "../grade/lists.ts";
import { type Grade, gradeWithoutTests } from "../grade/status.ts";
import type { TestLists } from "../instance.ts";
import { EMPTY, GOLD } from "../work/candidate.ts";
import type { SavedEvidence } from "../work/saved-evidence.ts";
import type { Asked, AskedInstance } from "./asked.ts";

/** One candidate on one instance. */
export interface Graded extends Judged {
  candidate: string;
  instance: AskedInstance;
  /** Undefined where there is no result. */
  saved: SavedFacts | undefined;
}

/** What stays of evidence when it is graded: reports of many instances would fill the memory. */
interface SavedFacts extends Pick<SavedEvidence, "environment" | "startedAt" | "stages"> {
  kind: Evidence["kind"];
  /** Tells it from any other. */
  digest: string;
}

/** Everything that was asked for, with a grade each. */
export interface Evaluated {
  asked: Asked;
  /** In the order of candidates, and of instances in each. */
  results: readonly Graded[];
  /** By instance; only where controls were asked for. */
  validity: ReadonlyMap<string, Validity> | undefined;
}

type Read = (candidate: string, instance: string) => SavedEvidence | undefined;

/** The same evidence gives the same grades. */
export const gradeAll = (asked: Asked, read: Read): Evaluated =>
  evaluatedOf(
    asked,
    asked.instances.map((one) => gradesOn(one, asked, (candidate) => read(candidate, one.id))),
  );

/** @param graded what {@link gradesOn} says of each instance that was asked for, in their order */
export function evaluatedOf(asked: Asked, graded: readonly ReadonlyMap<string, Graded>[]): Evaluated {
  const results = asked.candidates.flatMap(({ name }) => graded.map((grades) => grades.get(name)!));
  if (!asked.controls) return { asked, results, validity: undefined };
  const validity = asked.instances.map(({ id }, index) => [id, validityIn(graded[index]!)] as const);
  return { asked, results, validity: new Map(validity) };
}

function validityIn(grades: ReadonlyMap<string, Graded>): Validity {
  const [gold, empty] = [grades.get(GOLD.name), grades.get(EMPTY.name)];
  if (gold === undefined) return { isValid: false, why: "the gold patch was not run" };
  return validityOf(gold.grade, empty?.grade);
}

/** Grades of all candidates on an instance, by their names. The gold patch is the first of them where it was run. */
export function gradesOn(
  instance: AskedInstance,
  { candidates }: Pick<Asked, "candidates">,
  read: (candidate: string) => SavedEvidence | undefined,
): Map<string, Graded> {
  let goldLists: TestLists | undefined;
  const gradedOf = ({ name, tasks }: Asked["candidates"][number]): Graded => {
    const task = Object.hasOwn(tasks, instance.id) ? tasks[instance.id] : undefined;
    if (task === undefined) return without(name, instance, "unresolved", "the model has no patch for it");
    const saved = read(name);
    if (saved === undefined) return without(name, instance, "error", "there is no result");
    if (saved.task !== task) return without(name, instance, "error", "the result is of another patch, or other tests");
    const graded = gradeSaved(instance, saved, goldLists);
    if (name === GOLD.name) goldLists = listsFromGold(graded.grade);
    return graded;
  };
  return new Map(candidates.map((one) => [one.name, gradedOf(one)] as const));
}

const without = (candidate: string, instance: AskedInstance, status: Grade["status"], detail: string): Graded => ({
  ...{ candidate, instance, saved: undefined },
  grade: gradeWithoutTests(status, detail),
});

/**
 * Grades one candidate.
 * @param goldLists of the gold patch's run, which count where the dataset has none
 */
export function gradeSaved(
  instance: AskedInstance,
  saved: SavedEvidence,
  goldLists: TestLists | undefined,
): Graded & { saved: SavedFacts } {
  const { candidate, evidence, environment, startedAt, stages } = saved;
  const lists = instance.tested.lists ?? goldLists;
  const judged = judge(instance.tested, evidence, lists, environment?.absentKernels);
  // Its own two phases would say what it had to do: nobody's but the gold patch's.
  const hasNoLists = candidate !== GOLD.name && judged.phases !== undefined && lists === undefined;
  const digest = createHash("sha256").update(JSON.stringify(saved)).digest("hex");
  return {
    ...(hasNoLists ? { ...judged, grade: withoutLists(judged.grade) } : judged),
    ...{ candidate, instance, saved: { environment, startedAt, stages, kind: evidence.kind, digest } },
  };
}

const withoutLists = (grade: Grade): Grade => ({
  ...grade,
  ...gradeWithoutTests("error", "the dataset has no lists of tests, and no run of the gold patch gives any"),
  ...{ unstable: grade.unstable, doubled: grade.doubled, skipped: grade.skipped },
});
