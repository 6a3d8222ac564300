import { webLink } from "../../foreign-text/web-link.ts";
import type { Run } from "../../result/document/run.ts";

/** What a workflow run says of itself; null outside one. */
export interface WorkflowFacts {
  repository: string | null;
  /** GITHUB_SHA. */
  commit: string | null;
  /** GITHUB_REF. */
  ref: string | null;
  server: string;
  run: Pick<Run["trigger"], "runUrl" | "attempt" | "job">;
}

export function workflowFacts(env: NodeJS.ProcessEnv): WorkflowFacts {
  const { GITHUB_REPOSITORY, GITHUB_SHA, GITHUB_REF, GITHUB_RUN_ID } = env;
  const server = env.GITHUB_SERVER_URL || "https://github.com";
  if (GITHUB_RUN_ID === undefined) {
    return { repository: null, commit: null, ref: null, server, run: { runUrl: null, attempt: 1, job: null } };
  }
  const runUrl = GITHUB_REPOSITORY
    ? webLink(`${server}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`)
    : undefined;
  return {
    repository: GITHUB_REPOSITORY ?? null,
    commit: /^[0-9a-f]{40}$/.test(GITHUB_SHA ?? "") ? GITHUB_SHA! : null,
    ref: GITHUB_REF || null,
    server,
    run: { runUrl: runUrl ?? null, attempt: Number(env.GITHUB_RUN_ATTEMPT ?? 1) || 1, job: env.GITHUB_JOB ?? null },
  };
}
