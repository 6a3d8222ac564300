import type { z } from "zod";
import { defaultOf, fieldMeta, showValue } from "../../src/verbs/field-meta.ts";
import { kebabCase } from "../../src/verbs/resolve-inputs.ts";
import type { Verb } from "../../src/verbs/verb.ts";

/** One input as the tables and action.yml show it. */
export interface Field {
  key: string;
  /** The key in kebab-case. */
  name: string;
  description: string;
  /** As a user would type it; undefined without one. */
  standard: string | undefined;
  required: boolean;
  secret: boolean;
}

export function fieldsOf({ inputs }: Pick<Verb, "inputs">, hidden: readonly string[] = []): Field[] {
  return Object.entries(inputs.shape)
    .filter(([key]) => !hidden.includes(key))
    .map(([key, field]) => {
      const schema = field as z.ZodType;
      const { description, secret = false, flag = kebabCase(key) } = fieldMeta(schema);
      return {
        key,
        name: flag,
        description,
        standard: showDefault(defaultOf(schema)),
        required: !schema.safeParse(undefined).success,
        secret,
      };
    });
}

function showDefault(value: unknown): string | undefined {
  return value === undefined || (Array.isArray(value) && value.length === 0) ? undefined : showValue(value);
}
