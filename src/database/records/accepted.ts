import { z } from "zod";
import { RUN_ID } from "../../result/run.ts";

/** `accepted/<name>.json`: a change of the numbers that a person accepted. */
export const Accepted = z.strictObject({
  schema: z.literal("pitwall.accepted/1"),
  series: z.string().trim().min(1).meta({ description: "Pattern of the names of the series that changed." }),
  from: z.string().regex(RUN_ID).meta({ description: "Id of the first run with the new numbers." }),
  why: z.string().trim().min(1).meta({ description: "Why the change is right." }),
});
export type Accepted = z.infer<typeof Accepted>;
