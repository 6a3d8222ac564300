import { z } from "zod";

/** What a grade may say; only the first is a success. */
export const STATUSES = [
  ...(["resolved", "partial", "unresolved"] as const),
  ...(["patch_failed", "no_tests", "timeout", "environment", "error"] as const),
] as const;
export type Status = (typeof STATUSES)[number];

const Ids = z.array(z.string()).readonly();
const Listed = z.strictObject({
  passed: Ids,
  failed: z.array(z.strictObject({ id: z.string(), why: z.string() })).readonly(),
});
export type Listed = z.infer<typeof Listed>;

const phase = z.enum(["before", "after"]);

/** What became of one candidate on one instance. */
export const Grade = z.strictObject({
  status: z.enum(STATUSES),
  /** Why, in a sentence; empty where the status says all. */
  detail: z.string(),
  failToPass: Listed,
  passToPass: Listed,
  /** Passed before and no longer does; a test that is skipped now is not one. */
  regressions: Ids,
  bothFailed: Ids,
  /** After the patch. */
  skipped: Ids,
  /** Passed in some runs of a phase only. */
  unstable: z.array(z.strictObject({ id: z.string(), phase, passed: z.int(), of: z.int() })).readonly(),
  /** Recorded more than once in one run. */
  doubled: z.array(z.strictObject({ id: z.string(), phase, outcomes: Ids })).readonly(),
});
export type Grade = z.infer<typeof Grade>;

const NONE: Listed = { passed: [], failed: [] };

/** The grade of a candidate that never came to its tests. */
export const gradeWithoutTests = (status: Status, detail: string): Grade => ({
  ...{ status, detail, failToPass: NONE, passToPass: NONE },
  ...{ regressions: [], bothFailed: [], skipped: [], unstable: [], doubled: [] },
});
