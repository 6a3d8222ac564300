import type { Run } from "../../result/document/run.ts";
import { type GithubEvent, readEvent } from "./event.ts";
import { fullRef } from "./ref.ts";

/** A branch of the merge queue holds one group; its name tells where the group goes. */
const QUEUE = /^refs\/heads\/gh-readonly-queue\/(.+)\/pr-\d+-[0-9a-f]{40}$/;

/**
 * Whose runs a run is held against: what goes into a branch against that branch, a tag against the default branch, since
 * there is no other run of it, and everything else against earlier runs of its own ref.
 * @param named by the user, and before all else
 */
export async function baselineRef(
  { trigger: { ref } }: Pick<Run, "trigger">,
  named: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<string | null> {
  if (named !== undefined) return fullRef(named);
  const event = await readEvent(env);
  const target = targetOf(event, env) ?? QUEUE.exec(ref ?? "")?.[1];
  if (target !== undefined) return fullRef(target);
  const main = event.repository?.default_branch;
  return ref?.startsWith("refs/tags/") && main !== undefined ? fullRef(main) : ref;
}

/** The branch that the measured change is to go into. */
function targetOf({ merge_group, workflow_run }: GithubEvent, { GITHUB_BASE_REF }: NodeJS.ProcessEnv) {
  if (GITHUB_BASE_REF) return GITHUB_BASE_REF;
  if (merge_group !== undefined) return merge_group.base_ref;
  // GitHub lists the pull requests of a branch for a push to it, too; those of forks it never lists.
  const isOfPull = workflow_run?.event?.startsWith("pull_request") === true;
  return isOfPull ? workflow_run?.pull_requests?.[0]?.base.ref : undefined;
}
