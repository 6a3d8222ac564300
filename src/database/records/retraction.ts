import { z } from "zod";
import { RUN_ID } from "../../result/document/run.ts";

/** `retracted/<run id>.json`: takes a run out of every reader's sight, while its document stays where it is. */
export const Retraction = z.strictObject({
  schema: z.literal("pitwall.retraction/1"),
  run: z.string().regex(RUN_ID).meta({ description: "Id of the run that no longer counts." }),
  why: z.string().trim().min(1).meta({ description: "Said by whoever retracted it." }),
  at: z.iso.datetime().meta({ description: "When, in UTC." }),
});
export type Retraction = z.infer<typeof Retraction>;

/** `20261122T064501Z-7f3a9c2e` → `retracted/20261122T064501Z-7f3a9c2e.json` */
export function retractionPath(run: string): string {
  return `retracted/${run}.json`;
}

export function isRetractionPath(path: string): boolean {
  const [, run = ""] = /^retracted\/([^/]+)\.json$/.exec(path) ?? [];
  return RUN_ID.test(run);
}

export function serializeRetraction({ schema, run, why, at }: Retraction): string {
  return `${JSON.stringify({ schema, run, why, at }, null, 1)}\n`;
}
