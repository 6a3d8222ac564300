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
  saved: SavedEvidence | undefined;
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
export function gradeAll(asked: Asked, read: Read): Evaluated {
  const byInstance = new Map(asked.instances.map((one) => [one.id, gradesOn(one, asked, read)]));
  const results = asked.candidates.flatMap(({ name }) =>
    asked.instances.map(({ id }) => byInstance.get(id)!.get(name)!),
  );
  if (!asked.controls) return { asked, results, validity: undefined };
  const validity = [...byInstance].map(([id, grades]) => [id, validityIn(grades)] as const);
  return { asked, results, validity: new Map(validity) };
}

function validityIn(grades: ReadonlyMap<string, Graded>): Validity {
  const [gold, empty] = [grades.get(GOLD.name), grades.get(EMPTY.name)];
  if (gold === undefined) return { isValid: false, why: "the gold patch was not run" };
  return validityOf(gold.grade, empty?.grade);
}

/** The gold patch first: where the dataset has no lists, those of the others come from it. */
function gradesOn(instance: AskedInstance, { candidates }: Asked, read: Read): Map<string, Graded> {
  const gold = read(GOLD.name, instance.id);
  const own = gold && judgedBy(instance, gold, instance.tested.lists);
  const lists = instance.tested.lists ?? (own && listsFromGold(own.grade));
  const judgedOf = (name: string, isUnanswered: boolean): Judged & Pick<Graded, "saved"> => {
    if (isUnanswered)
      return { saved: undefined, grade: gradeWithoutTests("unresolved", "the model has no patch for it") };
    const saved = name === GOLD.name ? gold : read(name, instance.id);
    if (saved === undefined) return { saved, grade: gradeWithoutTests("error", "there is no result") };
    return { saved, ...(name === GOLD.name ? own! : judgedOther(instance, saved, lists)) };
  };
  return new Map(
    candidates.map(({ name, unanswered }) => [
      name,
      { candidate: name, instance, ...judgedOf(name, unanswered.includes(instance.id)) },
    ]),
  );
}

const judgedBy = ({ tested }: AskedInstance, { evidence, environment }: SavedEvidence, lists: TestLists | undefined) =>
  judge(tested, evidence, lists, environment?.absentKernels);

/** Its own two phases would say what it had to do: nobody's but the gold patch's. */
function judgedOther(instance: AskedInstance, saved: SavedEvidence, lists: TestLists | undefined): Judged {
  const judged = judgedBy(instance, saved, lists);
  const hasNoLists = judged.phases !== undefined && lists === undefined;
  return hasNoLists ? { ...judged, grade: withoutLists(judged.grade) } : judged;
}

const withoutLists = (grade: Grade): Grade => ({
  ...grade,
  ...gradeWithoutTests("error", "the dataset has no lists of tests, and no run of the gold patch gives any"),
  ...{ unstable: grade.unstable, doubled: grade.doubled, skipped: grade.skipped },
});
