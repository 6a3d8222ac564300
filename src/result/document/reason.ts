import { z } from "zod";

/** Why a cell has no numbers. One sentence each, shown beside the gap. */
export const REASONS = {
  image_missing: "The container image could not be found.",
  out_of_memory: "The engine ran out of memory.",
  startup_timeout: "The engine was not healthy within the start-up limit.",
  engine_crashed: "The engine's process ended.",
  client_timeout: "The measurement did not end within its limit.",
  client_failed: "The measuring client failed.",
  incomplete_requests: "Not every request ended well.",
  client_limited: "The client, not the engine, set the numbers.",
  objectives_missed: "No level that was tried met the objectives.",
  patch_failed: "A patch did not apply.",
  no_patch: "A patch changes nothing.",
  no_tests: "There was nothing to run.",
  environment: "The machine lacks something that the run needs.",
  known_bad: "Known not to work; left out by rule.",
  cancelled: "The run was cancelled before this was measured.",
} as const satisfies Record<string, string>;

export type Reason = keyof typeof REASONS;
export const Reason = z.enum(Object.keys(REASONS) as [Reason, ...Reason[]]);

/** Why something has no numbers, as it is stored: the class, one sentence, and the end of the log where there is one. */
export interface Failure {
  reason: Reason;
  detail: string;
  logTail?: string;
}

export const CANCELLED = { reason: "cancelled", detail: "the run was cancelled" } as const satisfies Failure;
