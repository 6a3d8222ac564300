import { isOther, readEvent } from "../trigger/event.ts";

/**
 * Whether this is a job of a pull request from another repository, whose token may read only. Under pull_request_target
 * it is that of the repository itself. (docs.github.com, "Automatic token authentication")
 */
export async function isForkJob(env: NodeJS.ProcessEnv): Promise<boolean> {
  if (env.GITHUB_EVENT_NAME === "pull_request_target") return false;
  const { pull_request: pull } = await readEvent(env);
  return pull !== undefined && isOther(pull.head.repo, pull.base.repo);
}
