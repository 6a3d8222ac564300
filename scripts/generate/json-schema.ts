import { z } from "zod";
import { ArmsFile } from "../../src/arms/arm.ts";
import { KIND_NAMES, KINDS } from "../../src/database/records/kinds.ts";
import { Cell } from "../../src/result/document/cell.ts";
import { VERBS } from "../../src/verbs/registry.ts";
import { defaultOf, fieldMeta } from "../../src/verbs/schema/field-meta.ts";
import { kebabCase } from "../../src/verbs/schema/resolve-inputs.ts";

type JsonSchema = Record<string, unknown>;

/** Schema of what a reader may find in a file: the input side, before any transformation. */
function jsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    override: ({ jsonSchema: node }) => {
      delete node.placeholder;
      delete node.repeatable;
      delete node.secret;
      delete node.alias;
    },
  }) as JsonSchema;
}

export const armsSchema = () => ({ ...jsonSchema(ArmsFile), title: "pitwall arms" });

export const cellSchema = () => ({ ...jsonSchema(Cell), title: "pitwall cell" });

/** The schema of each kind of document on a data branch, by its name. */
export const kindSchemas = (): [string, JsonSchema][] =>
  KIND_NAMES.map((name) => {
    const { format, title } = KINDS[name];
    return [name, { ...jsonSchema(format.schema), title: `pitwall ${title}` }];
  });

/** pitwall.yml: the inputs of all verbs in kebab-case, without secrets. */
export function pitwallSchema(): JsonSchema {
  const fields = VERBS.flatMap(({ inputs }) => Object.entries(inputs.shape) as [string, z.ZodType][]);
  const open = fields.filter(([, schema]) => !fieldMeta(schema).secret);
  const variants = Map.groupBy(open, ([key]) => kebabCase(key));
  const properties = [...variants].map(([name, same]) => [name, merged(same.map(([, schema]) => property(schema)))]);
  const former = open.flatMap(([key, schema]) => {
    const { alias } = fieldMeta(schema);
    return alias === undefined ? [] : [[kebabCase(alias), { ...property(schema), ...formerName(kebabCase(key)) }]];
  });
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "pitwall.yml",
    type: "object",
    additionalProperties: false,
    properties: Object.fromEntries([...properties, ...former]),
  };
}

const formerName = (name: string) => ({ description: `Called ${name} now.`, deprecated: true });

function property(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = jsonSchema(schema);
  const standard = defaultOf(schema);
  return {
    ...rest,
    description: fieldMeta(schema).description,
    ...(standard === undefined ? {} : { default: standard }),
  };
}

/** Where two verbs describe the same type in other words, the first one speaks. */
function merged(variants: JsonSchema[]): JsonSchema {
  const shape = ({ description, default: _, ...rest }: JsonSchema) => JSON.stringify(rest);
  const distinct = [...new Map(variants.toReversed().map((variant) => [shape(variant), variant])).values()].reverse();
  return distinct.length === 1 ? distinct[0]! : { anyOf: distinct };
}
