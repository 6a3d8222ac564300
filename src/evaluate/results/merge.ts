import { resolve } from "node:path";
import { UserError } from "../../errors.ts";
import { realPath, writeFileAtomically } from "../../files.ts";
import { LARGEST_DATA_MIB, readPlain } from "../../plain-file.ts";
import { type Entry, entriesIn } from "../dataset/read-entries.ts";
import type { Grade } from "../grade/status.ts";
import { GOLD } from "../work/candidate.ts";
import type { Graded } from "./graded.ts";

interface Merged {
  entries: object[];
  /** Instances with lists now. */
  count: number;
  /** What is missing, too much, or without a test that goes from fail to pass. */
  warnings: string[];
}

interface Merging {
  /** Whence the entries come. */
  dataset: string;
  /** A file that is not the dataset itself; it is written whole or not at all. */
  target: string;
  results: readonly Graded[];
}

/**
 * Writes a dataset with the lists that the gold patch's runs gave, in SWE-bench's form, and with how each ended.
 * @throws UserError for a target that is the dataset itself
 */
export async function mergeIntoDataset({ dataset, target, results }: Merging): Promise<Merged> {
  refuseTarget(dataset, target);
  const text = await readPlain(dataset, { largestMib: LARGEST_DATA_MIB });
  const merged = merge(entriesIn({ text, path: dataset }), results);
  const isArray = text.trimStart().startsWith("[");
  const lines = merged.entries.map((entry) => JSON.stringify(entry));
  const content = isArray ? JSON.stringify(merged.entries, null, 1) : lines.join("\n");
  await writeFileAtomically(target, `${content}\n`);
  return merged;
}

/** Before anything runs, too. @throws UserError for a target that is the dataset itself */
export function refuseTarget(dataset: string, target: string): void {
  if (realPath(resolve(dataset)) === realPath(resolve(target)))
    throw new UserError(`${target} is the dataset itself, which is never overwritten: name another file`);
}

/** Entries as they are, and the fields that an evaluation adds; what was not evaluated stays as it is. */
function merge(entries: readonly Entry[], results: readonly Graded[]): Merged {
  const grades = new Map(
    results.filter(({ candidate }) => candidate === GOLD.name).map(({ instance, grade }) => [instance.id, grade]),
  );
  const ids = new Set(entries.map(({ value }) => idOf(value)));
  const without = [...grades].filter(([, { failToPass }]) => failToPass.passed.length === 0).map(([id]) => id);
  return {
    entries: entries.map(({ value }) => withGrade(value, grades.get(idOf(value)))),
    count: [...grades.keys()].filter((id) => ids.has(id) && !without.includes(id)).length,
    warnings: [
      ...warning(
        [...ids].filter((id) => !grades.has(id)),
        "without a result of the gold patch",
      ),
      ...warning(
        [...grades.keys()].filter((id) => !ids.has(id)),
        "with a result that are not in the dataset",
      ),
      ...warning(without, "without a test that goes from fail to pass: they get no lists"),
    ],
  };
}

const idOf = (entry: object) => String((entry as { instance_id?: unknown }).instance_id);

function withGrade(entry: object, grade: Grade | undefined): object {
  if (grade === undefined) return entry;
  const { status, detail, failToPass, passToPass } = grade;
  const ends = { _eval_status: status, _eval_error: detail };
  if (failToPass.passed.length === 0) return { ...entry, ...ends };
  return {
    ...entry,
    FAIL_TO_PASS: JSON.stringify(failToPass.passed),
    PASS_TO_PASS: JSON.stringify(passToPass.passed),
    ...ends,
  };
}

const SHOWN = 5;

function warning(ids: readonly string[], what: string): string[] {
  if (ids.length === 0) return [];
  const more = ids.length > SHOWN ? ` and ${ids.length - SHOWN} more` : "";
  return [`instances ${what}: ${ids.slice(0, SHOWN).join(", ")}${more}`];
}
