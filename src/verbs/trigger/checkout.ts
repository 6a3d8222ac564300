import { existsSync } from "node:fs";
import { dubiousOwnershipAdvice } from "../../database/git-home/plumbing/git-failure.ts";
import { UserError } from "../../errors.ts";
import type { CommandResult } from "../../machine/command.ts";
import { gitEnvironment, runGit } from "../../machine/git.ts";

/** The commit that is checked out in a folder, or why none can be told. */
export type Checkout =
  | { kind: "none" | "refused"; why: string }
  | {
      kind: "found";
      commit: string;
      /** As in refs/heads/main; null for a detached HEAD. */
      branch: string | null;
      /** URL or path of its remote named origin. */
      origin: string | null;
      /** Whether tracked files differ from the commit. */
      modified: boolean;
    };

/** Asks the git repository around a folder. */
export type Git = (...args: string[]) => Promise<CommandResult>;

export function gitIn(folder: string, env: NodeJS.ProcessEnv): Git {
  const options = { cwd: folder, env: gitEnvironment(env, []) };
  return async (...args) => {
    if (!existsSync(folder)) return { exitCode: 128, stdout: "", stderr: "there is no such folder" };
    try {
      return await runGit(["--no-optional-locks", ...args], options);
    } catch (error) {
      if (error instanceof UserError) return { exitCode: 127, stdout: "", stderr: error.message };
      throw error;
    }
  };
}

export async function readCheckout(git: Git): Promise<Checkout> {
  const { exitCode, stdout, stderr } = await git("rev-parse", "--verify", "--quiet", "HEAD^{commit}");
  if (exitCode !== 0) return whyNone(stderr);
  const commit = stdout.trim();
  if (!/^[0-9a-f]{40}$/.test(commit)) {
    return { kind: "none", why: "its commits have names of SHA-256, and a run document holds those of SHA-1" };
  }
  return {
    kind: "found",
    commit,
    branch: await fact(git, "symbolic-ref", "--quiet", "HEAD"),
    origin: await fact(git, "remote", "get-url", "origin"),
    modified: (await fact(git, "status", "--porcelain", "--untracked-files=no")) !== null,
  };
}

function whyNone(said: string): Checkout {
  const dubious = dubiousOwnershipAdvice(said);
  if (dubious !== undefined) return { kind: "refused", why: dubious };
  if (/not a git repository/.test(said)) return { kind: "none", why: "it belongs to no git repository" };
  return { kind: "none", why: said.trim() || "it has no commit yet" };
}

/** The whole name of a commit that the repository has; null where it has none such, or several. */
export const findCommit = (git: Git, name: string) =>
  fact(git, "rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`);

export const subjectOf = (git: Git, commit: string) => fact(git, "log", "-1", "--format=%s", commit, "--");

/** False, too, where a shallow clone does not tell. */
export async function isAncestor(git: Git, commit: string, of: string): Promise<boolean> {
  return (await git("merge-base", "--is-ancestor", commit, of)).exitCode === 0;
}

async function fact(git: Git, ...args: string[]): Promise<string | null> {
  const { exitCode, stdout } = await git(...args);
  return exitCode === 0 ? stdout.trim() || null : null;
}
