import { systemWords } from "./system-error.ts";

/** The user can mend it: message only, no stack; says what is wrong and what to do. Exit code 1. */
export class UserError extends Error {
  override name = "UserError";
}

/** The command itself was wrong (unknown flag, bad value). Exit code 2. */
export class UsageError extends UserError {
  override name = "UsageError";
}

/** What went wrong, in words; what the operating system refused in ours. */
export function messageOf(error: unknown): string {
  return systemWords(error) ?? (error instanceof Error ? error.message : String(error));
}
