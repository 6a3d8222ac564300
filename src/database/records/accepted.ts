import { z } from "zod";
import { RUN_ID } from "../../result/document/run.ts";
import { fingerprint } from "../../result/series/fingerprint.ts";

/** `accepted/<name>.json`: a change of the numbers that a person accepted. */
export const Accepted = z.strictObject({
  schema: z.literal("pitwall.accepted/1"),
  series: z.string().trim().min(1).meta({
    description:
      "Names of the series that changed, a cell's id and a metric, as in latency-sweep/in_512_out_128_bs_1 latency_s; * stands for any characters.",
  }),
  from: z
    .string()
    .regex(RUN_ID)
    .meta({ description: "Id of the first run with the new numbers. Only series of its context are meant." }),
  why: z.string().trim().min(1).meta({ description: "Why the change is right." }),
  by: z.string().trim().min(1).optional().meta({ description: "Who accepted it." }),
  at: z.iso.datetime().optional().meta({ description: "When, in UTC." }),
});
export type Accepted = z.infer<typeof Accepted>;

/** `accepted/20261122T064501Z-7f3a9c2e-0a1b2c3d.json`: the run and a fingerprint of the pattern, so that none is there twice. */
export function acceptedPath({ from, series }: Pick<Accepted, "from" | "series">): string {
  return `accepted/${from}-${fingerprint(series)}.json`;
}

export function serializeAccepted({ schema, series, from, why, by, at }: Accepted): string {
  return `${JSON.stringify({ schema, series, from, why, by, at }, null, 1)}\n`;
}
