import { z } from "zod";
import { type CaseOutcome, CaseResult, OUTCOMES } from "../model/result.ts";

const count = z.int().nonnegative();

/** How many cases came to what. */
export const Counts = z.strictObject(
  Object.fromEntries(OUTCOMES.map((name) => [name, count])) as Record<CaseOutcome, typeof count>,
);
export type Counts = z.infer<typeof Counts>;

/** `<out>/functional.json`: what a served model does and does not do, case by case. */
export const FunctionalReport = z.strictObject({
  schema: z.literal("pitwall.functional/1"),
  suite: z.string(),
  baseUrl: z.string(),
  model: z.string(),
  engineVersion: z.string().nullable(),
  simulated: z.boolean(),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  capabilities: z.strictObject({
    supported: z.array(z.string()),
    lacking: z.record(z.string(), z.string()).meta({ description: "Why each seems to be missing." }),
  }),
  died: z.string().optional().meta({ description: "The server no longer answered: since when." }),
  summary: Counts,
  flaky: count,
  results: z.array(CaseResult),
});
export type FunctionalReport = z.infer<typeof FunctionalReport>;

export function countsOf(results: readonly CaseResult[]): Counts {
  const of = (outcome: CaseOutcome) => results.filter((result) => result.outcome === outcome).length;
  return Object.fromEntries(OUTCOMES.map((name) => [name, of(name)])) as Counts;
}
