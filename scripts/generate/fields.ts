import { defaultOf, fieldMeta, showValue } from "../../src/verbs/schema/field-meta.ts";
import { type Group, groupedInputs } from "../../src/verbs/schema/groups.ts";
import { kebabCase } from "../../src/verbs/schema/resolve-inputs.ts";
import type { Verb } from "../../src/verbs/verb.ts";

/** One input as the tables and action.yml show it. */
export interface Field {
  group: Group;
  key: string;
  /** The key in kebab-case. */
  name: string;
  description: string;
  /** As a user would type it; undefined without one. */
  standard: string | undefined;
  required: boolean;
  secret: boolean;
}

/** In the order of `--help`. */
export function fieldsOf(verb: Verb, hidden: readonly string[] = []): Field[] {
  return groupedInputs(verb)
    .filter(({ key }) => !hidden.includes(key))
    .flatMap(({ group, key, schema }) => {
      const { description, secret = false, flag = kebabCase(key), alias } = fieldMeta(schema);
      const standard = showDefault(defaultOf(schema));
      const required = !schema.safeParse(undefined).success;
      const own: Field = { group, key, name: flag, description, standard, required, secret };
      if (alias === undefined) return [own];
      const former = { key: alias, name: kebabCase(alias), description: `The former name of ${flag}.` };
      return [own, { ...own, ...former, standard: undefined }];
    });
}

function showDefault(value: unknown): string | undefined {
  const isNothing = value === undefined || (typeof value === "object" && Object.keys(value ?? {}).length === 0);
  return isNothing ? undefined : showValue(value);
}
