import type { z } from "zod";
import { UsageError } from "../../../errors.ts";
import type { Scenario } from "../../../scenario/scenario.ts";
import { camelCase } from "../../schema/field-meta.ts";
import { kebabCase, resolveInputs } from "../../schema/resolve-inputs.ts";
import type { Verb } from "../../verb.ts";

/**
 * Inputs of a stage's verb: what the stage itself decides, before what the scenario has under `inputs`, before what its own
 * keys come to; the environment and the defaults as for any command.
 * @throws UsageError
 */
export function stageInputs<I extends z.ZodObject>(
  verb: Verb<I>,
  { inputs = {} }: Scenario,
  {
    decided,
    derived,
    env,
  }: { decided: Record<string, unknown>; derived?: Record<string, unknown>; env: NodeJS.ProcessEnv },
): z.output<I> {
  const own = Object.entries(inputs).map(([key, value]) => [camelCase(key), value] as const);
  const known = own.filter(([key]) => key in verb.inputs.shape);
  return resolveInputs(verb, { ...derived, ...Object.fromEntries(known), ...decided }, env, {});
}

/** @throws UsageError for a key under `inputs` that no verb of a scenario has */
export function refuseStrayInputs({ id, inputs = {} }: Scenario, verbs: readonly Pick<Verb, "inputs">[]): void {
  const known = new Set(verbs.flatMap(({ inputs: { shape } }) => Object.keys(shape)).map(kebabCase));
  const stray = Object.keys(inputs).filter((key) => !known.has(kebabCase(key)));
  if (stray.length > 0)
    throw new UsageError(`scenario ${id}: inputs: ${stray.join(", ")}: no verb of a scenario has it`);
}
