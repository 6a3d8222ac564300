import { UserError } from "../errors.ts";
import type { CommandOptions, CommandResult } from "./command.ts";
import { runCommand } from "./command.ts";
import { TooMuchPrinted } from "./printed.ts";

export type GitConfig = readonly (readonly [key: string, value: string])[];

/** Variables that would point git at the repository of whoever started us, for example a hook. */
const REPOSITORY_VARIABLES = [
  "GIT_DIR",
  "GIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_OBJECT_DIRECTORY",
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_COMMON_DIR",
  "GIT_NAMESPACE",
  "GIT_PREFIX",
  "GIT_SHALLOW_FILE",
  "GIT_GRAFT_FILE",
  "GIT_REPLACE_REF_BASE",
  "GIT_CONFIG_PARAMETERS",
];

/**
 * The environment of every git that we start: plain English, no questions, no repository but the one we name.
 * Configuration goes through the environment (git 2.31), where secrets do not show in the process list; what the user
 * set there stays in force.
 */
export function gitEnvironment(env: NodeJS.ProcessEnv, config: GitConfig): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !REPOSITORY_VARIABLES.includes(name));
  const before = Number(env.GIT_CONFIG_COUNT ?? 0) || 0;
  const entries = config.flatMap(([key, value], i) => [
    [`GIT_CONFIG_KEY_${before + i}`, key],
    [`GIT_CONFIG_VALUE_${before + i}`, value],
  ]);
  return {
    ...Object.fromEntries(kept),
    ...Object.fromEntries(entries),
    GIT_CONFIG_COUNT: String(before + config.length),
    GIT_TERMINAL_PROMPT: "0",
    LC_ALL: "C",
    LANGUAGE: "C",
  };
}

/** A text in which no address has a name or password before its host: such a thing reaches no log and no file. */
export const withoutCredentials = (text: string) => text.replaceAll(/\/\/[^/\s]+@/g, "//***@");

/** Runs git; a non-zero exit is the caller's to judge. @throws UserError when there is no git, or it prints too much */
export async function runGit(
  args: readonly string[],
  options: CommandOptions & { env: NodeJS.ProcessEnv },
): Promise<CommandResult> {
  try {
    return await runCommand("git", args, options);
  } catch (cause) {
    if (!(cause instanceof UserError) || cause instanceof TooMuchPrinted) throw cause;
    throw new UserError("git was not found or could not be started: install it, for example: apt-get install git", {
      cause,
    });
  }
}
