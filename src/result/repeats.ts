import { z } from "zod";

const Statistic = z.strictObject({
  values: z.array(z.number()).meta({ description: "One a repeat, in order." }),
  median: z.number(),
  mad: z.number().meta({ description: "Median absolute deviation from the median, not scaled." }),
  interval: z
    .tuple([z.number(), z.number()])
    .optional()
    .meta({ description: "95 % bootstrap interval of the median; absent for fewer than 3 repeats." }),
});

/** A cell that was measured several times: the headline of each metric, repeat by repeat. */
export const Repeats = z.strictObject({ count: z.int().positive(), metrics: z.record(z.string(), Statistic) });
export type Repeats = z.infer<typeof Repeats>;
