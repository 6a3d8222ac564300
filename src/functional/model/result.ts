import { z } from "zod";
import { ENDPOINTS, SEVERITIES } from "./case.ts";

export const OUTCOMES = ["conforms", "deviates", "unsupported", "not_tested"] as const;
export type CaseOutcome = (typeof OUTCOMES)[number];

/** A request and what came back, both cut, secrets taken out. */
export const Exchange = z.strictObject({
  request: z.string(),
  status: z.int().optional().meta({ description: "Absent: no answer came." }),
  answer: z.string(),
});
export type Exchange = z.infer<typeof Exchange>;

/** What came of one case. */
export const CaseResult = z.strictObject({
  id: z.string(),
  title: z.string(),
  severity: z.enum(SEVERITIES),
  endpoint: z.enum(ENDPOINTS),
  outcome: z.enum(OUTCOMES),
  flaky: z.literal(true).optional().meta({ description: "It failed, and then held when it was asked again." }),
  reason: z
    .string()
    .optional()
    .meta({ description: "Why it deviates, or was not tested; of a flaky one how it failed." }),
  path: z.string().optional().meta({ description: "JSON path of what is wrong." }),
  missing: z.array(z.string()).optional().meta({ description: "Capabilities that it needs and the server lacks." }),
  tries: z.int().positive().optional(),
  seconds: z.number().nonnegative().optional(),
  exchanges: z.array(Exchange).optional().meta({ description: "Of the last try that failed." }),
});
export type CaseResult = z.infer<typeof CaseResult>;
