import type { Comparison } from "../../../arms/comparison.ts";
import type { ArmRecord } from "../../../arms/states/arm-record.ts";
import type { Tools } from "../../../tools.ts";
import type { PlannedArm } from "../arms.ts";
import type { ComparePatchesInputs } from "../inputs.ts";
import type { Parameters } from "../parameters.ts";
import type { PlannedTask } from "../plan.ts";
import { type Budget, measureTask } from "./measure-task.ts";
import { measuredOutcomes } from "./outcomes.ts";
import { runInputsFor } from "./run-inputs.ts";

/** Fewer are hardly a prompt. */
const LEAST_INPUT = 8;

/**
 * The same amount of another work: prompts of half the length from another seed, and longer answers. A patch that knows the
 * benchmark's own prompts or lengths is fast with those alone.
 */
export function anotherLoad(parameters: Parameters): Parameters {
  const { inputLen, outputLen, seed } = parameters;
  const shorter = Math.min(inputLen, Math.max(LEAST_INPUT, Math.floor(inputLen / 2)));
  const longer = outputLen === 1 ? 1 : Math.min(Math.ceil(outputLen * 1.5), outputLen + inputLen - shorter);
  return { ...parameters, seed: seed + 1, inputLen: shorter, outputLen: longer };
}

/**
 * Measures agents that have numbers beside the human once more, with {@link anotherLoad}.
 * @returns each agent's comparisons with the human, by the arm's name
 */
export async function measureAgain(
  task: PlannedTask & { parameters: Parameters },
  measured: readonly { arm: PlannedArm; record: ArmRecord }[],
  { budget, inputs, output }: { budget: Budget; inputs: ComparePatchesInputs; output: string },
  tools: Tools,
): Promise<Map<string, readonly Comparison[]>> {
  const good = measured.filter(({ record }) => record.failure === undefined).map(({ arm }) => arm);
  const arms = good.filter(({ kind }) => kind !== "baseline");
  if (!arms.some(({ kind }) => kind === "human") || arms.length < 2) return new Map();
  const parameters = anotherLoad(task.parameters);
  const work = { ...budget, arms, inputs: runInputsFor(parameters, inputs), output };
  const { records, ...how } = await measureTask(work, tools);
  const outcomes = measuredOutcomes({ ...task, parameters }, arms, records, { ...how, at: new Date() });
  return new Map(outcomes.map(({ besideHuman = [] }, index) => [arms[index]!.name, besideHuman]));
}
