import { UserError } from "./errors.ts";
import { isSystemError, systemWords } from "./system-error.ts";

const REPORT = "https://github.com/pitwall-dev/pitwall/issues";

/** Whether whoever looks wants stacks: GitHub sets these when a job is run again with debug logging. */
export function wantsStack(env: NodeJS.ProcessEnv): boolean {
  return env.RUNNER_DEBUG === "1" || env.ACTIONS_STEP_DEBUG === "true";
}

/**
 * What to say of an error that ends everything: of one that the user can mend what to do, of one that nobody expected where to
 * report it. A stack tells a user nothing, so it is there on request only.
 * @param howToSee what to do to see the stack
 */
export function lastWords(error: unknown, { stack, howToSee }: { stack: boolean; howToSee: string }): string {
  if (error instanceof UserError) return withStack(error.message, error, stack);
  const refused = refusalOf(error);
  if (refused !== undefined) return withStack(refused, error, stack);
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const how = stack ? "with what follows" : `with what ${howToSee} shows`;
  return withStack(
    `something went wrong that pitwall did not expect (${said}). Please report it ${how}: ${REPORT}`,
    error,
    stack,
  );
}

/** What the system refused, and of which file; undefined for another error. */
export function refusalOf(error: unknown): string | undefined {
  const refused = systemWords(error);
  return refused !== undefined && isSystemError(error) ? `${error.path ?? error.syscall}: ${refused}` : undefined;
}

function withStack(sentence: string, error: unknown, stack: boolean): string {
  return stack && error instanceof Error ? `${sentence}\n${stackOf(error)}` : sentence;
}

/** With what caused it, and what caused that. */
function stackOf(error: Error): string {
  const own = error.stack ?? error.message;
  return error.cause instanceof Error ? `${own}\ncaused by ${stackOf(error.cause)}` : own;
}
