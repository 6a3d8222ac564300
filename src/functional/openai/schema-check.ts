import { Ajv } from "ajv";
import { Deviation } from "../model/case.ts";

/** Holds JSON text against a JSON Schema. @param path of the text in the answer @throws Deviation naming place and rule */
export function matchesSchema(text: string, schema: object, path: string): void {
  const validate = new Ajv({ strict: false }).compile(schema);
  if (validate(jsonIn(text, path))) return;
  const [first] = validate.errors ?? [];
  throw new Deviation(`must match the JSON Schema: ${first?.instancePath || "it"} ${first?.message}`, path);
}

/** @throws Deviation for what is no JSON */
export function jsonIn(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const begins = JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
    throw new Deviation(`must be JSON, but is ${begins}`, path);
  }
}
