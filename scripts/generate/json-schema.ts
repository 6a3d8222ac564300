import { z } from "zod";
import { Accepted } from "../../src/database/records/accepted.ts";
import { Renaming } from "../../src/database/records/renaming.ts";
import { Retraction } from "../../src/database/records/retraction.ts";
import { Cell } from "../../src/result/document/cell.ts";
import { Run } from "../../src/result/document/run.ts";
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

export const runSchema = () => ({ ...jsonSchema(Run), title: "pitwall run document" });
export const cellSchema = () => ({ ...jsonSchema(Cell), title: "pitwall cell" });
export const acceptedSchema = () => ({ ...jsonSchema(Accepted), title: "pitwall accepted change" });
export const renamingSchema = () => ({ ...jsonSchema(Renaming), title: "pitwall renaming" });
export const retractionSchema = () => ({ ...jsonSchema(Retraction), title: "pitwall retraction" });

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
