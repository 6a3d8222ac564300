import { z } from "zod";
import { Metrics } from "../metrics/metric.ts";

/** The part of a cell in which the load was what it was meant to be: no ramp, no drain. Seconds since the schedule's start. */
export const SteadyState = z.strictObject({
  fromS: z.number().nonnegative(),
  toS: z.number().positive(),
  meanConcurrency: z.number(),
  littleRatio: z
    .number()
    .optional()
    .meta({ description: "Mean concurrency ÷ (arrival rate × mean latency), inside the window; Little's law says 1." }),
  metrics: Metrics.meta({
    description: "Of the requests that started in the window; tokens a second by arrival in it.",
  }),
});
export type SteadyState = z.infer<typeof SteadyState>;
