import { closest } from "fastest-levenshtein";
import { UsageError } from "../errors.ts";
import { fieldMeta } from "../verbs/schema/field-meta.ts";
import { kebabCase, variableOf } from "../verbs/schema/resolve-inputs.ts";
import type { Verb } from "../verbs/verb.ts";

const PREFIX = "INPUT_";

/**
 * What the workflow wrote under `with:`, by camelCase key. GitHub hands `batch-sizes` over as `INPUT_BATCH-SIZES`, and
 * an input that was not given as an empty string.
 * @throws UsageError for an input that the action does not have; GitHub itself only warns
 */
export function readInputs(keys: readonly string[], env: NodeJS.ProcessEnv): Record<string, string> {
  const keyOf = new Map(keys.map((key) => [`${PREFIX}${kebabCase(key).toUpperCase()}`, key]));
  const given = Object.entries(env)
    .filter(([name]) => name.startsWith(PREFIX))
    .map(([name, value]) => [name, (value ?? "").trim()] as const)
    .filter(([, value]) => value !== "");
  const unknown = given.map(([name]) => name).filter((name) => !keyOf.has(name));
  if (unknown.length > 0) throw new UsageError(unknown.map((name) => unknownInput(name, keys)).join("\n"));
  return Object.fromEntries(given.map(([name, value]) => [keyOf.get(name)!, value]));
}

function unknownInput(name: string, keys: readonly string[]): string {
  const input = name.slice(PREFIX.length).toLowerCase();
  return `unknown input “${input}”; did you mean “${closest(input, keys.map(kebabCase))}”?`;
}

/** The values, as given, of every input that must not be shown. */
export function secretValues(
  { inputs }: Pick<Verb, "inputs">,
  given: Record<string, unknown>,
  env: NodeJS.ProcessEnv,
  config: Record<string, unknown>,
): string[] {
  return Object.entries(inputs.shape)
    .filter(([, schema]) => fieldMeta(schema).secret === true)
    .flatMap(([key]) => [given[key], env[variableOf(key)], config[kebabCase(key)]])
    .map((value) => String(value ?? "").trim())
    .filter((value) => value !== "");
}
