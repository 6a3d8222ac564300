import { z } from "zod";

const id = z.int().nonnegative();

/** What a server takes of the fields of a request that not every one does; asked before the first cell. */
export const Takes = z.strictObject({
  tokenIds: z
    .strictObject({ lowest: id, highest: id })
    .nullable()
    .optional()
    .meta({ description: "Ids that prompts are drawn from. null: refused, prompts are text; absent: not asked." }),
  limit: z.enum(["max_tokens", "max_completion_tokens"]).meta({ description: "The field that limits an answer." }),
  exactLengths: z
    .enum(["ignore_eos", "min_tokens"])
    .nullable()
    .meta({ description: "The field that makes an answer as long as its limit; null: none, the model ends it." }),
  asksUsage: z.boolean().meta({ description: "Whether stream_options asks for usage; else it comes unasked." }),
  done: z.boolean().optional().meta({ description: "Whether a stream ends with [DONE]; absent: nothing streams." }),
  refused: z.record(z.string(), z.string()).meta({ description: "What the server said to each field it refused." }),
});
export type Takes = z.infer<typeof Takes>;

/** `exact` needs no word: that is what is asked of every server that takes it. */
export function takenParams({ tokenIds, exactLengths }: Pick<Takes, "tokenIds" | "exactLengths">): {
  prompts?: string;
  lengths?: string;
} {
  return {
    ...(tokenIds === null ? { prompts: "text" } : {}),
    ...(exactLengths === "ignore_eos" ? {} : { lengths: exactLengths ?? "natural" }),
  };
}
