import type { z } from "zod";
import { UsageError } from "../../errors.ts";
import { mistakesOf, pathText } from "../../mistakes.ts";
import type { Verb } from "../verb.ts";
import { CONFIG_FILE } from "./config-file.ts";
import { fieldMeta, inputNames } from "./field-meta.ts";

export const kebabCase = (key: string) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
export const variableOf = (key: string) => `PITWALL_${kebabCase(key).replaceAll("-", "_").toUpperCase()}`;

type Values = Record<string, unknown>;

/**
 * Typed inputs of a verb. A value comes from, first found first: what was given (flags or action inputs, camelCase
 * keys), environment `PITWALL_<INPUT>`, pitwall.yml, the preset, the schema's default.
 * @param note hears of names that are no longer the right ones
 * @throws UsageError naming every bad value and where it came from, or what means nothing beside the others
 */
export function resolveInputs<Inputs extends z.ZodObject>(
  verb: Verb<Inputs>,
  given: Values,
  env: NodeJS.ProcessEnv,
  config: Values,
  note: (message: string) => void = () => {},
): z.output<Inputs> {
  const found = [
    layerOf(
      verb,
      (key) => config[kebabCase(key)],
      (key) => `${kebabCase(key)} in ${CONFIG_FILE}`,
    ),
    layerOf(verb, (key) => env[variableOf(key)] || undefined, variableOf),
    layerOf(
      verb,
      (key) => given[key],
      (key) => `--${kebabCase(key)}`,
    ),
  ];
  for (const { notes } of found) for (const message of notes) note(message);
  const strange = omit(given, inputNames(verb));
  const layers: Values = Object.assign({}, ...found.map(({ values }) => values), strange);
  const origins: Record<string, string> = Object.assign({}, ...found.map((layer) => layer.origins));
  const preset = verb.presets?.[String(layers.preset ?? verb.inputs.shape.preset?.parse(undefined) ?? "")] ?? {};
  const result = verb.inputs.safeParse({ ...preset, ...layers });
  if (result.success) {
    verb.refuse?.(found.at(-1)!.values, { ...preset, ...layers });
    return result.data;
  }
  const problems = mistakesOf(result.error).map(({ path: [name, ...place], text }) => {
    const key = String(name);
    const origin = origins[key] ?? `--${kebabCase(key)}`;
    if (layers[key] === undefined && preset[key] === undefined) return `${origin}: is required`;
    return `${origin}: ${placed(place, text)} (got ${JSON.stringify(layers[key])})`;
  });
  throw new UsageError(problems.join("\n"));
}

/** Within a map the name at fault stands before what is wrong with it; of a list, the value that was given says it. */
const placed = (place: readonly PropertyKey[], text: string) =>
  typeof place[0] === "string" ? `${pathText(place)}: ${text}` : text;

interface Layer {
  values: Values;
  /** What the user wrote each of them as. */
  origins: Record<string, string>;
  notes: string[];
}

/** What one source gives. @throws UsageError for an input under its name and its former one */
function layerOf(verb: Verb, read: (name: string) => unknown, written: (name: string) => string): Layer {
  const layer: Layer = { values: {}, origins: {}, notes: [] };
  for (const [key, schema] of Object.entries(verb.inputs.shape)) {
    const { alias } = fieldMeta(schema);
    const names = [key, ...(alias === undefined ? [] : [alias])].filter((name) => read(name) !== undefined);
    const [name, other] = names;
    if (name === undefined) continue;
    if (other !== undefined) {
      throw new UsageError(`${written(name)} and ${written(other)} are the same: leave ${written(other)} out`);
    }
    layer.values[key] = read(name);
    layer.origins[key] = written(name);
    if (name !== key) layer.notes.push(`${written(name)} is called ${kebabCase(key)} now; please use that name`);
  }
  return layer;
}

const omit = (values: Values, names: readonly string[]): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
