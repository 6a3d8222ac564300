import { z } from "zod";

/** Latencies that a limit can be set on, in ms. */
export const SLO_METRICS = ["ttft_ms", "tpot_ms", "itl_ms", "e2el_ms"] as const;

/**
 * A limit of a single request: it counts as good when its value is not above. Of a request's ITL, the largest gap counts.
 */
export const Slo = z.strictObject({ metric: z.enum(SLO_METRICS), limitMs: z.number().positive() });
export type Slo = z.infer<typeof Slo>;
