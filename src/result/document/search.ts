import { z } from "zod";

const Probe = z.strictObject({
  level: z.number().positive().meta({ description: "The rate in requests a second, or the concurrency." }),
  meets: z.boolean(),
  values: z
    .record(z.string(), z.number())
    .meta({ description: "What the limits are set on, `ttft_ms.p99` for example." }),
  detail: z.string().optional().meta({ description: "Why it has no values: requests failed, the client was limited." }),
});
export type Probe = z.infer<typeof Probe>;

/** How `--find` came to its level: every probe in order. The cell's metrics are those of the best level's probe. */
export const Search = z.strictObject({
  find: z.enum(["max-rate", "max-concurrency"]),
  objectives: z.array(z.string()).meta({ description: "As given: `ttft_ms.p99<500`." }),
  tolerance: z
    .number()
    .positive()
    .meta({ description: "Relative; the next probe above this level missed an objective." }),
  probes: z.array(Probe),
});
export type Search = z.infer<typeof Search>;
