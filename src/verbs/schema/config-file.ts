import { existsSync } from "node:fs";
import { messageOf, UsageError } from "../../errors.ts";
import { readPlain } from "../../plain-file.ts";

export const CONFIG_FILE = "pitwall.yml";

/**
 * Reads pitwall.yml: a flat map of any verb's inputs in kebab-case. Most commands have none, so what reads YAML is loaded
 * for one that is there.
 * @param file named by the user and therefore required; by default pitwall.yml, if there is one
 */
export async function loadConfig(
  file: string | undefined,
  knownKeys: () => Promise<readonly string[]>,
): Promise<Record<string, unknown>> {
  const path = file ?? CONFIG_FILE;
  if (!existsSync(path)) {
    if (file === undefined) return {};
    throw new UsageError(`${path} does not exist; name an existing file with --config`);
  }
  const text = await readConfig(path);
  const { parseConfig } = await import("./parse-config.ts");
  return parseConfig(text, path, await knownKeys());
}

async function readConfig(path: string): Promise<string> {
  try {
    return await readPlain(path);
  } catch (cause) {
    throw new UsageError(messageOf(cause), { cause });
  }
}

/** Every key that pitwall.yml may hold. From the generated schema: the registry would load every verb. */
export async function knownConfigKeys(): Promise<string[]> {
  const { default: schema } = await import("../../../docs/pitwall.schema.json", { with: { type: "json" } });
  return Object.keys(schema.properties).toSorted();
}
