import { UserError } from "../errors.ts";
import { runCommand } from "../process.ts";
import type { Run } from "../result/run.ts";

/** Who asked for this run: GitHub's environment in a workflow, the current directory's git repository elsewhere. */
export async function triggerFacts(env: NodeJS.ProcessEnv): Promise<Run["trigger"]> {
  const { GITHUB_REPOSITORY, GITHUB_SHA, GITHUB_REF, GITHUB_RUN_ID, GITHUB_SERVER_URL = "https://github.com" } = env;
  const subject = await git("log", "-1", "--format=%s");
  if (GITHUB_RUN_ID === undefined) {
    return {
      repository: null,
      commit: await git("rev-parse", "HEAD"),
      ref: await git("symbolic-ref", "-q", "HEAD"),
      subject,
      runUrl: null,
      attempt: 1,
      job: null,
    };
  }
  return {
    repository: GITHUB_REPOSITORY ?? null,
    commit: /^[0-9a-f]{40}$/.test(GITHUB_SHA ?? "") ? GITHUB_SHA! : null,
    ref: GITHUB_REF ?? null,
    subject,
    runUrl: `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`,
    attempt: Number(env.GITHUB_RUN_ATTEMPT ?? 1) || 1,
    job: env.GITHUB_JOB ?? null,
  };
}

/** A fact from git, or null: outside a repository, without git or without commits there is none. */
async function git(...args: string[]): Promise<string | null> {
  try {
    const { exitCode, stdout } = await runCommand("git", args);
    return exitCode === 0 ? stdout.trim() || null : null;
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}
