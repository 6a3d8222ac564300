import { z } from "zod";

/** How a process ended. */
const End = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("exit"), code: z.int() }),
  z.strictObject({ kind: z.literal("signal"), signal: z.string() }),
  z.strictObject({ kind: z.literal("timeout"), seconds: z.number() }),
]);

/** How one run of pytest ended, and what it left. */
export const PhaseRun = z.strictObject({
  end: End,
  /** Text of the JUnit file; left out where none was written. */
  junit: z.string().optional(),
  seconds: z.number(),
});
export type PhaseRun = z.infer<typeof PhaseRun>;

/** What became of one candidate on one instance, before anybody grades it: where it stopped, or its two phases. */
export const Evidence = z.discriminatedUnion("kind", [
  /** As many runs of each phase as were asked for: with the test patch alone, and with the candidate's too. */
  z.strictObject({
    kind: z.literal("phases"),
    before: z.array(PhaseRun).min(1).readonly(),
    after: z.array(PhaseRun).min(1).readonly(),
  }),
  /** Git refused it. */
  z.strictObject({ kind: z.literal("patch_failed"), which: z.enum(["test", "candidate"]), detail: z.string() }),
  /** A model answered with nothing, for which nothing was run; the control with an empty patch has its phases. */
  z.strictObject({ kind: z.literal("empty_patch") }),
  z.strictObject({ kind: z.literal("no_tests"), detail: z.string() }),
  z.strictObject({
    kind: z.literal("stopped"),
    step: z.enum(["repository", "set-up", "container", "time"]),
    status: z.enum(["environment", "timeout", "error"]),
    detail: z.string(),
  }),
]);
export type Evidence = z.infer<typeof Evidence>;
