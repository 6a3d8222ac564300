import { z } from "zod";

/** What an input says of itself, for the generators, `--help` and whoever reads inputs. */
interface FieldMeta {
  description: string;
  /** Shown in `--help` and the tables: `SECONDS`, `IN:OUT,…` */
  placeholder: string;
  /** Read from the environment or an action input only; never a flag, always masked. */
  secret?: boolean;
  /** Name of the flag where it is not the key's. */
  flag?: string;
  /** What the input was called before, camelCase; still taken, with a word about its new name. */
  alias?: string;
  /** A flag that may be given more than once. */
  repeatable?: boolean;
}

export function fieldMeta(schema: z.ZodType): FieldMeta {
  return unwrap(schema).meta() as unknown as FieldMeta;
}

/** Every name under which a verb's inputs may be given, camelCase. */
export function inputNames({ inputs }: { inputs: z.ZodObject }): string[] {
  return Object.entries(inputs.shape).flatMap(([key, schema]) => [key, fieldMeta(schema).alias ?? []].flat());
}

export const camelCase = (name: string) => name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The key of each input by every name under which a command or a step gives it, camelCase. */
export function keysByName({ inputs }: { inputs: z.ZodObject }): Map<string, string> {
  return new Map(
    Object.entries(inputs.shape).flatMap(([key, schema]) => {
      const { flag = key, alias } = fieldMeta(schema);
      return [[camelCase(flag), key] as const, ...(alias === undefined ? [] : [[alias, alias] as const])];
    }),
  );
}

/** The field's own schema, below `.default()` and `.optional()`. */
function unwrap(schema: z.ZodType): z.ZodType {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional
    ? unwrap(schema.unwrap() as z.ZodType)
    : schema;
}

export function defaultOf(schema: z.ZodType): unknown {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault ? schema.def.defaultValue : undefined;
}

/** A value as a user would type it. */
export function showValue(value: unknown): string {
  if (!Array.isArray(value)) return String(value);
  return value.map((item) => (typeof item === "object" ? Object.values(item).join(":") : String(item))).join(",");
}
