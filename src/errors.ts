/** The user can mend it: message only, no stack; says what is wrong and what to do. Exit code 1. */
export class UserError extends Error {
  override name = "UserError";
}

/** The command itself was wrong (unknown flag, bad value). Exit code 2. */
export class UsageError extends UserError {
  override name = "UsageError";
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
