import { z } from "zod";
import { UserError } from "../../errors.ts";
import { shellWords } from "../../machine/shell-words.ts";
import { inGroup } from "./groups.ts";

/*
 * Field types of verb inputs; those of numbers are in number-fields.ts. Each takes the text of a flag, an action input or
 * an environment variable as well as the typed value of pitwall.yml, and says in `meta` what a generator needs:
 * description, placeholder, secrecy.
 */

export function text(description: string, placeholder = "TEXT") {
  return z.coerce.string().trim().min(1).meta({ description, placeholder });
}

export function secret(description: string) {
  return z.string().trim().min(1).meta({ description, placeholder: "SECRET", secret: true });
}

export function choice<const C extends readonly [string, ...string[]]>(values: C, description: string) {
  return z.enum(values).meta({ description, placeholder: values.join("|") });
}

/** A boolean: a bare flag on the command line, `true`/`false` elsewhere. */
export function flag(description: string) {
  const fromText = z.stringbool({ truthy: ["true", "1", "yes", "on"], falsy: ["false", "0", "no", "off"] });
  return z.union([z.boolean(), fromText]).meta({ description, placeholder: "" });
}

/** One value, several with commas, or a YAML list. */
export function list<S extends z.ZodType>(item: S) {
  const split = z.string().transform((value) =>
    value
      .split(",")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  );
  return z
    .union([z.array(z.unknown()), z.number().transform((value) => [value]), split])
    .pipe(z.array(item).min(1, "must name at least one"));
}

/** Words as a shell would split them; or a YAML list. */
export function words(description: string) {
  return z
    .union([z.array(z.coerce.string()), z.string().transform(attempt(shellWords))])
    .meta({ description, placeholder: '"ARGS…"' });
}

/** Several files: a flag given more than once, a comma separated list, or a YAML list. */
export function fileList(description: string) {
  return list(z.string().min(1)).meta({ description, placeholder: "FILE", repeatable: true });
}

/** Bare words whose meaning depends on their place: an empty one is for the verb to name. */
export function bareWords(description: string) {
  return list(z.string()).meta({ description, placeholder: "TEXT", repeatable: true });
}

/** Makes a field of a parser that says in a UserError what is wrong. */
export function through<T>(parse: (value: string) => T) {
  return z.union([z.string(), z.number(), z.boolean()]).transform(attempt(parse));
}

function attempt<T>(parse: (value: string) => T) {
  return (value: unknown, context: z.RefinementCtx): T => {
    try {
      return parse(String(value).trim());
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      context.addIssue({ code: "custom", message: error.message });
      return z.NEVER;
    }
  };
}

/** A value with a notation of its own. */
export function parsed<T>(parse: (value: string) => T, description: string, placeholder: string) {
  return through(parse).meta({ description, placeholder });
}

/** Several such: a flag given more than once, a comma separated list, or a YAML list. */
export function parsedList<T>(parse: (value: string) => T, description: string, placeholder: string) {
  return list(through(parse)).meta({ description, placeholder, repeatable: true });
}

/** The input of every benchmark about what lay in its folder before. */
export const cleanInput = inGroup("Output", {
  clean: flag(
    "Empty the working folder first: cells, raw files and run document, of all benchmarks (default: add to them; run moves them to earlier/).",
  ).default(false),
});

export const commonInputs = inGroup("Output", {
  output: text("Working folder: cells, logs, the run document and its summary.", "DIR").default(".pitwall/out"),
});
