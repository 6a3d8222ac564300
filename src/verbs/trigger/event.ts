import { z } from "zod";
import { readPlain } from "../../plain-file.ts";

const Repository = z.looseObject({ full_name: z.string(), default_branch: z.string().optional() });
/** One side of a pull request; the repository is null for a fork that was deleted meanwhile. */
const Side = z.looseObject({
  sha: z.string().optional(),
  ref: z.string().optional(),
  repo: Repository.nullish(),
});
const PullRequest = z.looseObject({
  number: z.int().optional(),
  merge_commit_sha: z.string().nullish(),
  head: Side,
  base: Side,
});
const WorkflowRun = z.looseObject({
  event: z.string().optional(),
  head_branch: z.string().nullable(),
  head_sha: z.string(),
  head_repository: Repository.nullish(),
  pull_requests: z.array(z.looseObject({ number: z.int().optional(), base: Side })).optional(),
});

/** What we read of an event; a part that has another form than GitHub's counts as absent. */
const GithubEvent = z.looseObject({
  repository: Repository.optional().catch(undefined),
  pull_request: PullRequest.optional().catch(undefined),
  merge_group: z.looseObject({ base_ref: z.string() }).optional().catch(undefined),
  workflow_run: WorkflowRun.optional().catch(undefined),
});
export type GithubEvent = z.infer<typeof GithubEvent>;

/** The event that started the workflow. It is a file of the runner's: one that cannot be read says nothing. */
export async function readEvent({ GITHUB_EVENT_PATH }: NodeJS.ProcessEnv): Promise<GithubEvent> {
  if (!GITHUB_EVENT_PATH) return {};
  try {
    return GithubEvent.parse(JSON.parse(await readPlain(GITHUB_EVENT_PATH)));
  } catch {
    return {};
  }
}

/** What an event is about, where the workflow's own commit may be another one. */
export interface EventHead {
  commits: string[];
  /** A ref of this repository, or `owner:branch` of a fork, which is nobody's branch here; null when not known. */
  ref: string | null;
  /** The fork that the commits come from. */
  fork: string | null;
  /** A workflow_run: its own commit is that of the default branch, whatever the event is about. */
  ofWorkflowRun: boolean;
}

/**
 * The head of a pull request, or of the run that started a workflow_run: both workflows may run at a commit of the default
 * branch. (docs.github.com, "Events that trigger workflows")
 */
export function headOf({ pull_request: pull, workflow_run: run, repository }: GithubEvent): EventHead | undefined {
  if (pull !== undefined) {
    const commits = [pull.head.sha, pull.merge_commit_sha].filter((sha) => sha != null);
    const ref = pull.number === undefined ? null : `refs/pull/${pull.number}/merge`;
    const fork = isOther(pull.head.repo, pull.base.repo) ? (pull.head.repo?.full_name ?? null) : null;
    return { commits, ref, fork, ofWorkflowRun: false };
  }
  if (run === undefined) return undefined;
  const { head_branch: branch, head_repository: home, head_sha } = run;
  const isFork = isOther(home, repository);
  const forkRef = home == null || branch === null ? null : `${home.full_name.split("/")[0]}:${branch}`;
  const ownRef = branch === null ? null : `refs/heads/${branch}`;
  const fork = isFork ? (home?.full_name ?? null) : null;
  return { commits: [head_sha], ref: isFork ? forkRef : ownRef, fork, ofWorkflowRun: true };
}

type Named = z.infer<typeof Repository> | null | undefined;

export const isOther = (one: Named, other: Named) => one?.full_name.toLowerCase() !== other?.full_name.toLowerCase();
