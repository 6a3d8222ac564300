import { closest } from "fastest-levenshtein";
import { z } from "zod";
import { UsageError } from "../../errors.ts";
import { parseYaml } from "../../yaml/file.ts";

/** The text of a pitwall.yml. @throws UsageError for a key that is not known, and for what is no map */
export function parseConfig(text: string, path: string, knownKeys: readonly string[]): Record<string, unknown> {
  const values: unknown = parseYaml(text, path, z.unknown()).data;
  if (typeof values !== "object" || values === null || Array.isArray(values)) {
    throw new UsageError(`${path} must be a map of inputs, for example “engine: simulated”`);
  }
  const unknown = Object.keys(values).filter((key) => !knownKeys.includes(key));
  if (unknown.length === 0) return values as Record<string, unknown>;
  const hints = unknown.map((key) => `unknown key “${key}”; did you mean “${closest(key, knownKeys as string[])}”?`);
  throw new UsageError(`${path}: ${hints.join("\n")}`);
}
