import { z } from "zod";
import { checked } from "../../checked.ts";
import { UserError } from "../../errors.ts";
import type { DatasetText } from "../../json-lines.ts";
import { mistakeLines } from "../../mistakes.ts";
import { nearNames } from "../../near-names.ts";
import { LARGEST_DATA_MIB, readPlain } from "../../plain-file.ts";
import { type Entry, entriesIn, isObject } from "./read-entries.ts";

/** What one model answered. */
export interface Predictions {
  model: string;
  /** Patches by the instance's id; empty where the model changed nothing. */
  patches: ReadonlyMap<string, string>;
}

const Prediction = z.object({
  instance_id: z.string().min(1),
  model_name_or_path: z.string({ error: "is missing: say which model the patch is from" }).trim().min(1),
  model_patch: z
    .string()
    .nullable()
    .transform((patch) => patch ?? ""),
});

interface Placed extends z.output<typeof Prediction> {
  place: string;
}

/**
 * SWE-bench's predictions, of one or several models: a JSON list, a map by instance, or JSON lines.
 * @throws UserError naming file and entry; both, where a model has two answers for an instance
 */
export async function readPredictions(paths: readonly string[]): Promise<Predictions[]> {
  const files = await Promise.all(
    paths.map(async (path) => ({ text: await readPlain(path, { largestMib: LARGEST_DATA_MIB }), path })),
  );
  return predictionsIn(files);
}

/** The same of files that were read. */
export function predictionsIn(files: readonly DatasetText[]): Predictions[] {
  const placed = files.flatMap((file) => answersIn(file).map((entry) => predictionOf(entry, file.path)));
  return [...Map.groupBy(placed, (one) => one.model_name_or_path)].map(([model, answers]) => ({
    model,
    patches: patchesOf(model, answers),
  }));
}

/** A map by instance is one object over several lines; so is a list of one. */
function answersIn(file: DatasetText): Entry[] {
  const whole = wholeObject(file.text);
  if (whole === undefined || "model_patch" in whole) return entriesIn(file);
  return Object.entries(whole).map(([id, value], index) => {
    if (!isObject(value)) throw new UserError(`${file.path}, ${id}: must be a map of names and values`);
    return { value: { instance_id: id, ...value }, number: index + 1 };
  });
}

function wholeObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function predictionOf({ value, number }: Entry, path: string): Placed {
  const parsed = checked(Prediction, value);
  const place = `${path}, entry ${number}`;
  if (parsed.success) return { ...parsed.data, place };
  throw new UserError(`${place}:\n${mistakeLines(parsed.error)}`);
}

function patchesOf(model: string, answers: readonly Placed[]): Map<string, string> {
  const first = new Map<string, Placed>();
  for (const answer of answers) {
    const earlier = first.get(answer.instance_id);
    if (earlier !== undefined)
      throw new UserError(`${model} has two patches for ${answer.instance_id}: ${earlier.place} and ${answer.place}`);
    first.set(answer.instance_id, answer);
  }
  return new Map([...first].map(([id, { model_patch }]) => [id, model_patch]));
}

/** @throws UserError for an answer to what the dataset does not have */
export function checkAnswers(predictions: readonly Predictions[], known: ReadonlySet<string>): void {
  for (const { model, patches } of predictions) {
    const strange = [...patches.keys()].find((id) => !known.has(id));
    if (strange === undefined) continue;
    throw new UserError(
      `${model} has a patch for ${strange}, which is not in the dataset; near it: ${nearNames(strange, known)}`,
    );
  }
}
