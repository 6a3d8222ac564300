import { parse } from "yaml";
import { z } from "zod";
import { messageOf } from "../../errors.ts";

/** A map of pitwall.yml, or the same as YAML text, as a flag or an action's input has it. */
export function yamlValue<S extends z.ZodType>(schema: S, description: string) {
  const fromText = z
    .string()
    .transform((text, context): unknown => {
      try {
        return parse(text);
      } catch (error) {
        context.addIssue({ code: "custom", message: `is not valid YAML: ${messageOf(error)}` });
        return z.NEVER;
      }
    })
    .pipe(schema);
  return z.union([schema, fromText]).meta({ description, placeholder: "YAML" });
}
