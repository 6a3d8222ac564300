import { NoInstance } from "./no-instance.ts";
import { numberFor } from "./number-instance.ts";
import { textFor } from "./string-instance.ts";

type Schema = Record<string, unknown>;

/** Deeper ones refer to themselves without end. */
const DEEPEST = 32;
/** Keywords that a value would have to be tried against. */
const UNKNOWN = ["not", "if", "dependentSchemas", "unevaluatedProperties", "contains", "propertyNames"];
const TYPES = ["string", "number", "integer", "boolean", "null", "array", "object"];

/** The same small valid instance of a JSON Schema each time, as JSON. @throws NoInstance that says what it cannot do */
export function instanceText(schema: unknown): string {
  return JSON.stringify(instanceOf(schema, schema, 0));
}

function instanceOf(given: unknown, root: unknown, depth: number): unknown {
  if (given === true) return "simulated";
  if (typeof given !== "object" || given === null || Array.isArray(given)) throw new NoInstance("Invalid schema");
  if (depth > DEEPEST) throw new NoInstance("the schema is nested too deeply, or in itself");
  const schema = merged(given as Schema, root);
  const unknown = UNKNOWN.find((keyword) => Object.hasOwn(schema, keyword));
  if (unknown !== undefined) throw new NoInstance(`Unimplemented keys: ["${unknown}"]`);
  if (schema.const !== undefined) return schema.const;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  const branches = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(branches)) {
    const { anyOf, oneOf, ...rest } = schema;
    return firstThatGoes(branches, (branch) => instanceOf({ allOf: [rest, branch] }, root, depth + 1));
  }
  return instanceOfType(typeOf(schema), schema, root, depth);
}

/** A branch may lead back into itself where the next one does not. */
function firstThatGoes(branches: readonly unknown[], make: (branch: unknown) => unknown): unknown {
  let first: unknown;
  for (const branch of branches) {
    try {
      return make(branch);
    } catch (error) {
      if (!(error instanceof NoInstance)) throw error;
      first ??= error;
    }
  }
  throw first ?? new NoInstance("a choice of no schemas");
}

/** The schema with what it refers to, and all that it must be at once; the keywords that come last count. */
function merged(schema: Schema, root: unknown): Schema {
  let whole = schema;
  for (let links = 0; typeof whole.$ref === "string"; links++) {
    if (links > DEEPEST) throw new NoInstance(`$ref ${whole.$ref} leads nowhere`);
    const { $ref, ...rest } = whole;
    whole = { ...referred($ref as string, root), ...rest };
  }
  if (!Array.isArray(whole.allOf)) return whole;
  const { allOf, ...rest } = whole;
  const parts = [rest, ...(allOf as Schema[]).map((part) => merged(part, root))];
  const properties = Object.assign({}, ...parts.map((part) => part.properties));
  const required = parts.flatMap((part) => (part.required as string[] | undefined) ?? []);
  return { ...Object.assign({}, ...parts), properties, required };
}

/** A local reference: `#`, or `#/$defs/NAME`. */
function referred(reference: string, root: unknown): Schema {
  const [start, ...names] = reference.split("/");
  const decoded = names.map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
  const target = decoded.reduce<unknown>(
    (at, name) => (typeof at === "object" && at !== null && Object.hasOwn(at, name) ? (at as Schema)[name] : undefined),
    root,
  );
  if (start === "#" && typeof target === "object" && target !== null) return target as Schema;
  throw new NoInstance(`$ref ${reference} leads nowhere`);
}

function typeOf(schema: Schema): string {
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (type === undefined) return guessedType(schema);
  if (typeof type === "string" && TYPES.includes(type)) return type;
  throw new NoInstance(`Invalid type: ${String(type)}`);
}

function guessedType(schema: Schema): string {
  const has = (...keywords: string[]) => keywords.some((keyword) => schema[keyword] !== undefined);
  if (has("required", "additionalProperties") || Object.keys((schema.properties as object) ?? {}).length > 0)
    return "object";
  if (has("items", "prefixItems")) return "array";
  if (has("minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum")) return "number";
  return "string";
}

function instanceOfType(type: string, schema: Schema, root: unknown, depth: number): unknown {
  switch (type) {
    case "object":
      return objectFor(schema, root, depth);
    case "array":
      return arrayFor(schema, root, depth);
    case "string":
      return textFor(schema, 0);
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return numberFor(schema, type === "integer", 0);
  }
}

/** What is required; all properties where nothing is. */
function objectFor(schema: Schema, root: unknown, depth: number): Record<string, unknown> {
  const properties = (schema.properties ?? {}) as Record<string, unknown>;
  const required = (schema.required ?? []) as string[];
  const names = required.length > 0 ? new Set(required) : new Set(depth < 3 ? Object.keys(properties) : []);
  const entries = [...names].map((name) => {
    const own = Object.hasOwn(properties, name) ? properties[name] : schema.additionalProperties;
    return [name, instanceOf(own === undefined || own === false ? true : own, root, depth + 1)];
  });
  const missing = Math.max(0, Number(schema.minProperties ?? 0) - entries.length);
  const more = Array.from({ length: missing }, (_, i) => [`simulated${i + 1}`, valueOfMore(schema, root, depth)]);
  return Object.fromEntries([...entries, ...more]);
}

function valueOfMore({ additionalProperties }: Schema, root: unknown, depth: number): unknown {
  return instanceOf(additionalProperties ?? true, root, depth + 1);
}

/** As few items as may be, but one where there may be one. */
function arrayFor(schema: Schema, root: unknown, depth: number): unknown[] {
  const prefix = (schema.prefixItems ?? []) as unknown[];
  const least = Number(schema.minItems ?? Math.max(1, prefix.length));
  const count = Math.min(least, Number(schema.maxItems ?? least));
  if (count > 1000) throw new NoInstance(`an array of ${count} items`);
  if (schema.items === false && prefix.length < count) return prefix.map((item) => instanceOf(item, root, depth + 1));
  return Array.from({ length: count }, (_, i) => {
    const item = prefix[i] ?? schema.items ?? true;
    return schema.uniqueItems === true && i > 0
      ? otherInstance(item, root, depth, i)
      : instanceOf(item, root, depth + 1);
  });
}

/** Another item than those before it. */
function otherInstance(given: unknown, root: unknown, depth: number, number: number): unknown {
  const schema = given === true ? { type: "string" } : merged(given as Schema, root);
  if (Array.isArray(schema.enum) && number < schema.enum.length) return schema.enum[number];
  const type = schema.enum === undefined && schema.const === undefined ? typeOf(schema) : "";
  if (type === "string") return textFor(schema, number);
  if (type === "number" || type === "integer") return numberFor(schema, type === "integer", number);
  if (type === "object") return { ...objectFor(schema, root, depth + 1), [`simulated${number}`]: true };
  throw new NoInstance("an array of items that all differ");
}
