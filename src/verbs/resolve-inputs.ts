import { existsSync, readFileSync } from "node:fs";
import { closest } from "fastest-levenshtein";
import { parse, type YAMLParseError } from "yaml";
import type { z } from "zod";
import { messageOf, UsageError } from "../errors.ts";
import type { Verb } from "./verb.ts";

export const CONFIG_FILE = "pitwall.yml";

export const kebabCase = (key: string) => key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
export const variableOf = (key: string) => `PITWALL_${kebabCase(key).replaceAll("-", "_").toUpperCase()}`;

type Values = Record<string, unknown>;

/**
 * Typed inputs of a verb. A value comes from, first found first: what was given (flags or action inputs, camelCase
 * keys), environment `PITWALL_<INPUT>`, pitwall.yml, the preset, the schema's default.
 * @throws UsageError naming every bad value and where it came from, or what means nothing beside the others
 */
export function resolveInputs<Inputs extends z.ZodObject>(
  verb: Verb<Inputs>,
  given: Values,
  env: NodeJS.ProcessEnv,
  config: Values,
): z.output<Inputs> {
  const keys = Object.keys(verb.inputs.shape);
  const fromEnv = pick(keys, (key) => env[variableOf(key)] || undefined);
  const fromConfig = pick(keys, (key) => config[kebabCase(key)]);
  const layers = { ...fromConfig, ...fromEnv, ...given };
  const preset = verb.presets?.[String(layers.preset ?? verb.inputs.shape.preset?.parse(undefined) ?? "")] ?? {};
  const result = verb.inputs.safeParse({ ...preset, ...layers });
  if (result.success) {
    verb.refuse?.(given, { ...preset, ...layers });
    return result.data;
  }
  const origin = (key: string) => {
    if (key in given) return `--${kebabCase(key)}`;
    if (key in fromEnv) return variableOf(key);
    return key in fromConfig ? `${kebabCase(key)} in ${CONFIG_FILE}` : `--${kebabCase(key)}`;
  };
  const problems = result.error.issues.map((issue) => {
    const key = String(issue.path[0] ?? issue.code);
    const missing = layers[key] === undefined && preset[key] === undefined;
    return `${origin(key)}: ${missing ? "is required" : `${issueText(issue)} (got ${JSON.stringify(layers[key])})`}`;
  });
  throw new UsageError(problems.join("\n"));
}

function issueText(issue: z.core.$ZodIssue): string {
  const place = issue.path.slice(1).join(".");
  // Within a map the key at fault stands before what is wrong with it.
  if (/^[a-z]/.test(place)) return `${place}: ${issue.message}`;
  // A union that explains itself knows better than its branches.
  if (issue.code !== "invalid_union" || issue.message !== "Invalid input") return issue.message;
  const deepest = issue.errors.flat().toSorted((a, b) => b.path.length - a.path.length || rank(b) - rank(a));
  return deepest[0]?.message ?? issue.message;
}

/** Within a union, a branch that understood the value's form explains more than one that wanted another type. */
const rank = (issue: z.core.$ZodIssue) => (issue.code === "invalid_type" ? 0 : 1);

function pick(keys: readonly string[], read: (key: string) => unknown): Values {
  return Object.fromEntries(keys.map((key) => [key, read(key)]).filter(([, value]) => value !== undefined));
}

/**
 * Reads pitwall.yml: a flat map of any verb's inputs in kebab-case.
 * @param file named by the user and therefore required; by default pitwall.yml, if there is one
 */
export function loadConfig(file: string | undefined, knownKeys: readonly string[]): Values {
  const path = file ?? CONFIG_FILE;
  if (!existsSync(path)) {
    if (file === undefined) return {};
    throw new UsageError(`${path} does not exist; name an existing file with --config`);
  }
  return parseConfig(readFileSync(path, "utf8"), path, knownKeys);
}

export function parseConfig(text: string, path: string, knownKeys: readonly string[]): Values {
  let values: unknown;
  try {
    values = parse(text) ?? {};
  } catch (cause) {
    throw new UsageError(`${path} is not valid YAML: ${messageOf(cause as YAMLParseError)}`, { cause });
  }
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw new UsageError(`${path} must be a map of inputs, for example “engine: simulated”`);
  }
  const unknown = Object.keys(values).filter((key) => !knownKeys.includes(key));
  if (unknown.length === 0) return values as Values;
  const hints = unknown.map((key) => `unknown key “${key}”; did you mean “${closest(key, knownKeys as string[])}”?`);
  throw new UsageError(`${path}: ${hints.join("\n")}`);
}
