import { existsSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { kebabCase } from "../../src/verbs/schema/resolve-inputs.ts";
import type { ListedVerb, Verb } from "../../src/verbs/verb.ts";

const FOLDER = join(PACKAGE_ROOT, "src/verbs");
const LONGEST_LINE = 120;

/** What a list of commands says of a verb. */
export const listed = ({ name, description, positional }: Verb): Omit<ListedVerb, "load"> => ({
  ...{ name, description },
  ...(positional === undefined ? {} : { words: kebabCase(positional) }),
});

/** The module that lists all verbs without loading them, as our formatter would have it. */
export async function catalogueModule(verbs: readonly Verb[]): Promise<string> {
  const entries = await Promise.all(verbs.map(entryOf));
  return `import type { ListedVerb } from "./verb.ts";

/*
 * Written by \`npm run generate\` from registry.ts. A command loads the one verb that it asks for, and the list of commands
 * none: all of them, with what each needs to do its work, take several times as long as most commands.
 */

/** Every verb, in the order of the flow. */
export const CATALOGUE: readonly ListedVerb[] = [
${entries.join("\n")}
];
`;
}

async function entryOf(verb: Verb): Promise<string> {
  const fields = Object.entries(listed(verb)).map(([key, value]) => fieldLine(key, JSON.stringify(value)));
  const { file, name } = await placeOf(verb);
  const load = `    load: async () => (await import("./${file}")).${name},`;
  return ["  {", ...fields, load, "  },"].join("\n");
}

function fieldLine(key: string, value: string): string {
  const line = `    ${key}: ${value},`;
  return line.length <= LONGEST_LINE ? line : `    ${key}:\n      ${value},`;
}

/** The module that exports a verb, its own or the registry. @throws Error for one that nobody exports */
async function placeOf(verb: Verb): Promise<{ file: string; name: string }> {
  for (const file of [`${verb.name}/${verb.name}.ts`, "registry.ts"].filter((path) => existsSync(join(FOLDER, path)))) {
    const exported: Record<string, unknown> = await import(join(FOLDER, file));
    const [name] = Object.entries(exported).find(([, value]) => value === verb) ?? [];
    if (name !== undefined) return { file, name };
  }
  throw new Error(`src/verbs/${verb.name}/${verb.name}.ts exports no verb ${verb.name}`);
}
