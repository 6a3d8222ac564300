import { candidateNames } from "../../evaluate/dataset/candidate-names.ts";
import { checkAnswers, readPredictions } from "../../evaluate/dataset/predictions.ts";
import type { Instance } from "../../evaluate/instance.ts";
import { type Candidate, EMPTY, GOLD } from "../../evaluate/work/candidate.ts";
import type { EvaluateInputs } from "./inputs.ts";
import type { Asked } from "./instances.ts";

/**
 * Whose patches run: the models', else the dataset's own. That one runs first, too, where controls or merged lists are asked
 * for, or where an instance does not say which tests must pass.
 * @throws UserError for predictions that are none, or for other instances
 */
export async function candidatesOf(
  { predictions, controls, mergeInto }: EvaluateInputs,
  { all, instances }: Asked,
): Promise<Candidate[]> {
  const models = predictions === undefined ? [] : await modelsOf(predictions, all);
  const isAskedForLists = instances.some(({ lists }) => lists === undefined);
  const needsGold = models.length === 0 || controls || isAskedForLists || mergeInto !== undefined;
  return [...(needsGold ? [GOLD] : []), ...(controls ? [EMPTY] : []), ...models];
}

async function modelsOf(files: readonly string[], all: readonly Instance[]): Promise<Candidate[]> {
  const predictions = await readPredictions(files);
  checkAnswers(predictions, new Set(all.map(({ id }) => id)));
  const names = candidateNames(predictions.map(({ model }) => model));
  return predictions.map(({ model, patches }) => ({
    name: names.get(model)!,
    model,
    patchOf: ({ id }) => patches.get(id),
  }));
}
