import type { CommandResult } from "../../machine/command.ts";
import { type GitConfig, gitEnvironment, runGit, withoutCredentials } from "../../machine/git.ts";

/** What a repository of ours is kept with, whoever made its content: no hook, no conversion, no journal, no tidying behind our back. */
export const KEPT_PLAIN: GitConfig = [
  ["core.hooksPath", "/dev/null"],
  ["core.autocrlf", "false"],
  ["core.symlinks", "true"],
  ["core.fsmonitor", "false"],
  // A copied tree has other inodes and times of change than its index knows.
  ["core.checkStat", "minimal"],
  ["core.trustctime", "false"],
  ["core.logAllRefUpdates", "false"],
  ["gc.auto", "0"],
  ["maintenance.auto", "false"],
  ["advice.detachedHead", "false"],
  ["protocol.ext.allow", "never"],
];

/**
 * A repository on this disk is served by a git of ours: it gives any commit, and may be anybody's, for it is only read.
 * A setting in the environment would not reach the serving side.
 */
const SERVE = "--upload-pack=git -c safe.directory=* -c uploadpack.allowAnySHA1InWant=true upload-pack";

const FETCH = [
  "fetch",
  "--quiet",
  "--no-tags",
  "--no-write-fetch-head",
  "--no-auto-maintenance",
  "--recurse-submodules=no",
];

/** Arguments of a fetch without tags, marks or submodules. @param from a path, else a URL */
export function fetchArguments(from: { path: string } | { url: string }, wanted: string): string[] {
  return "path" in from ? [...FETCH, SERVE, "--", from.path, wanted] : [...FETCH, "--", from.url, wanted];
}

export type Git = (args: readonly string[], input?: string) => Promise<CommandResult>;

/** git in a folder, with nobody's configuration: what it does there depends on the folder alone. */
export function sealedGit(folder: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Git {
  const kept = Object.entries(env).filter(([name]) => !name.startsWith("GIT_"));
  const alone = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", GIT_ATTR_NOSYSTEM: "1" };
  const literal = { GIT_LITERAL_PATHSPECS: "1", GIT_NO_REPLACE_OBJECTS: "1", GIT_CEILING_DIRECTORIES: folder };
  const options = {
    cwd: folder,
    env: gitEnvironment({ ...Object.fromEntries(kept), ...alone, ...literal }, KEPT_PLAIN),
    signal,
  };
  return (args, input) => runGit(args, input === undefined ? options : { ...options, input });
}

/** @returns what it printed. @throws RepositoryError with git's words */
export async function mustGit(git: Git, args: readonly string[], input?: string): Promise<string> {
  const result = await git(args, input);
  if (result.exitCode === 0) return result.stdout;
  throw new RepositoryError(`git ${args[0]} failed: ${gitsWords(result)}`);
}

/** A repository could not be made, or shows what it must not. */
export class RepositoryError extends Error {
  override name = "RepositoryError";
}

/** Its last lines, without hints and without passwords in URLs. */
export function gitsWords({ stdout, stderr }: CommandResult): string {
  const lines = `${stdout}\n${stderr}`.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("hint:"));
  return withoutCredentials(lines.slice(-10).join("\n"));
}
