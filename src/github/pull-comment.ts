import { getOctokit } from "@actions/github";
import { messageOf } from "../errors.ts";
import { fitMarkdown } from "../foreign-text/fit-markdown.ts";
import { type Markdown, md } from "../foreign-text/markdown.ts";
import { type GithubEvent, readEvent } from "../verbs/trigger/event.ts";
import { notice, warning } from "./log.ts";

/** GitHub takes 65,536 characters; bytes are never fewer. */
const MOST_BYTES = 65_000;

interface Comment {
  /** Tells our comments of one pull request apart; letters, digits and dashes. */
  name: string;
  text: Markdown;
  token: string | undefined;
}

type Octokit = ReturnType<typeof getOctokit>;
interface Pull {
  owner: string;
  repo: string;
  number: number;
}

/**
 * Puts a text below the pull request that this job is about: one comment for each name, written anew in place. Without a pull
 * request or a token that may write it says so and goes on: what was measured must not fail for it.
 */
export async function commentOnPull({ name, text, token }: Comment, env: NodeJS.ProcessEnv): Promise<void> {
  if (token === undefined || token === "")
    return notice("no comment: the step has no token, which github.token would be");
  const octokit = getOctokit(token, { baseUrl: env.GITHUB_API_URL ?? "https://api.github.com" });
  try {
    const pull = await pullOf(octokit, await readEvent(env), env);
    if (pull === undefined) return notice("no comment: this job is not about a pull request");
    const marker = `<!-- pitwall ${name} -->`;
    const body = bodyOf(marker, text);
    const own = await ownComment(octokit, pull, marker);
    if (own === undefined) {
      await octokit.rest.issues.createComment({ owner: pull.owner, repo: pull.repo, issue_number: pull.number, body });
    } else {
      await octokit.rest.issues.updateComment({ owner: pull.owner, repo: pull.repo, comment_id: own, body });
    }
  } catch (cause) {
    warning(`no comment: ${messageOf(cause)}${whatToDo(cause)}`);
  }
}

function whatToDo(cause: unknown): string {
  const { status } = Object(cause) as { status?: unknown };
  return status === 403 || status === 404
    ? ". The token of a pull request from a fork may only read: comment from a workflow_run, see docs/compare.md"
    : "";
}

function bodyOf(marker: string, text: Markdown): string {
  const fitted = fitMarkdown(text.source, MOST_BYTES);
  return `${marker}\n${fitted?.text ?? md`The comparison is too long for a comment: see the job's summary.`.source}`;
}

/**
 * The pull request of the event. That of a fork is not among those of its `workflow_run`, so it is looked for by branch and by
 * the very commit that ran; nothing that the fork's job left is believed.
 */
async function pullOf(octokit: Octokit, event: GithubEvent, env: NodeJS.ProcessEnv): Promise<Pull | undefined> {
  const [owner = "", repo = ""] = (env.GITHUB_REPOSITORY ?? "").split("/");
  const number = event.pull_request?.number ?? event.workflow_run?.pull_requests?.[0]?.number;
  if (number !== undefined) return { owner, repo, number };
  const run = event.workflow_run;
  const login = run?.head_repository?.full_name.split("/")[0];
  if (run === undefined || run.head_branch === null || login === undefined) return undefined;
  const head = `${login}:${run.head_branch}`;
  const { data } = await octokit.rest.pulls.list({ owner, repo, state: "open", head });
  const pull = data.find((one) => one.head.sha === run.head_sha);
  return pull && { owner, repo, number: pull.number };
}

const OWN_COMMENTS = `query ($owner: String!, $repo: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      comments(first: 100, after: $after) {
        nodes { databaseId body viewerDidAuthor }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}`;

interface OwnComments {
  repository: {
    pullRequest: {
      comments: {
        nodes: { databaseId: number; body: string; viewerDidAuthor: boolean }[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
      };
    };
  };
}

/** Only what this token wrote: a token that may write could overwrite a person's comment that begins as ours do. */
async function ownComment(octokit: Octokit, pull: Pull, marker: string): Promise<number | undefined> {
  let after: string | null = null;
  do {
    const found: OwnComments = await octokit.graphql(OWN_COMMENTS, { ...pull, after });
    const { nodes, pageInfo } = found.repository.pullRequest.comments;
    const own = nodes.find(({ body, viewerDidAuthor }) => viewerDidAuthor && body.startsWith(marker));
    if (own !== undefined) return own.databaseId;
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  return undefined;
}
