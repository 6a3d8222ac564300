import { parse } from "yaml";
import { z } from "zod";
import { messageOf, UserError } from "../errors.ts";
import type { Shard } from "../experiment/plan.ts";
import { problemsOf } from "../experiment/problem.ts";
import { Experiments } from "../experiment/schema.ts";
import { flag, parsed } from "./fields.ts";

/** `2/8`: the second of eight parts. @throws UserError */
function parseShard(value: string): Shard {
  const [, index, count] = (/^(\d+)\/(\d+)$/.exec(value) ?? []).map(Number);
  if (index !== undefined && count !== undefined && index >= 1 && index <= count) return { index, count };
  throw new UserError("must be a part of a whole, for example 2/8 for the second of eight");
}

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
  .pipe(Experiments);

export const experimentInputs = {
  experiments: z
    .union([Experiments, fromText], {
      error: (issue) =>
        issue.code === "invalid_union"
          ? problemsOf([{ ...issue, path: [] } as unknown as z.core.$ZodIssue])
          : undefined,
    })
    .meta({
      description:
        "Engine settings to measure in every combination: axes, exclude and include, see docs/experiments.md.",
      placeholder: "YAML",
    })
    .optional(),
  plan: flag("Of experiments: print the list and how long it may take, and do nothing.").default(false),
  shard: parsed(
    parseShard,
    "Of experiments: run this part of the list only, 2/8 for the second of eight.",
    "I/N",
  ).optional(),
  resume: flag("Of experiments: leave out what an earlier run in the same folder measured whole.").default(false),
};
