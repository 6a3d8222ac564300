import { DEFAULT_BRANCH } from "../../database/document/layout.ts";
import { originOf, parseHome } from "../../database/git-home/plumbing/repository.ts";
import { splitBranch } from "../../database/read/read.ts";
import { UsageError } from "../../errors.ts";
import { secret, text } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";

/** Where the history is when nothing names a place; in GitHub Actions it is the repository that was checked out. */
const LOCAL_DATABASE = ".pitwall/database.git";
const ORIGIN = "origin";

const database = text(
  "The history: a repository by path or URL, folder:PATH for a folder without git, or origin, the remote of the current " +
    "checkout; #BRANCH may follow. What is written to a new path that ends in .git makes it " +
    `(default: ${LOCAL_DATABASE}, in GitHub Actions origin).`,
  "PATH|URL|folder:PATH|origin",
);

/** Which history, for readers and writers alike. */
export const homeInputs = inGroup("History", {
  database: database.optional(),
  branch: text(`The data branch; goes before #BRANCH (default: ${DEFAULT_BRANCH}).`, "NAME").optional(),
  token: secret("Token for the repository over https (default: GITHUB_TOKEN of the environment).").optional(),
});

/** For the verbs that called it `repository` before. */
export const renamedHomeInputs = inGroup("History", {
  ...homeInputs,
  database: database.meta({ alias: "repository" }).optional(),
});

interface HomeInputs {
  database?: string | undefined;
  branch?: string | undefined;
  token?: string | undefined;
}

export interface HistoryHome {
  kind: "git" | "folder";
  /** As writers take it: path, URL, `user@host:path`, or `folder:PATH`. */
  repository: string;
  branch: string;
  token: string | undefined;
  /** As readers take it. No branch stands there that nobody named: a folder that holds a data branch has none. */
  source: string;
  /** The repository or folder in words, without a password. */
  name: string;
  /** Branch and repository, or the folder, in words. */
  place: string;
  /** Flags that name the same home. */
  flags: string;
}

/** The history that is meant, as its flag would name it. */
export function databaseText(given: string | undefined, { GITHUB_ACTIONS }: NodeJS.ProcessEnv): string {
  return given ?? (GITHUB_ACTIONS === "true" ? ORIGIN : LOCAL_DATABASE);
}

/** @throws UsageError for a folder with a branch; UserError where origin is asked for and there is none */
export async function historyHome(inputs: HomeInputs, env: NodeJS.ProcessEnv): Promise<HistoryHome> {
  const given = splitHome(inputs, env);
  const repository = given.repository === ORIGIN ? await originOf(process.cwd(), env) : given.repository;
  const { kind, name } = parseHome(repository);
  const branch = given.branch ?? DEFAULT_BRANCH;
  const isFolder = kind === "folder";
  return {
    kind: isFolder ? "folder" : "git",
    repository,
    branch,
    token: inputs.token ?? githubToken(repository, env),
    source: given.branch === undefined ? repository : `${repository}#${given.branch}`,
    name,
    place: isFolder ? name : `${branch} of ${name}`,
    flags: `--database ${name}${isFolder ? "" : ` --branch ${branch}`}`,
  };
}

/** What the inputs say, before anything is looked at. @throws UsageError for a folder with a branch */
export function splitHome(inputs: HomeInputs, env: NodeJS.ProcessEnv): { repository: string; branch?: string } {
  const { repository, branch: fromText } = splitBranch(databaseText(inputs.database, env));
  const branch = inputs.branch ?? fromText;
  if (branch === undefined) return { repository };
  if (parseHome(repository).kind === "folder") {
    throw new UsageError(
      `${repository} is a folder without git, which has no branches: leave the branch “${branch}” out`,
    );
  }
  return { repository, branch };
}

/** GitHub's own token goes to GitHub's own server only. */
function githubToken(repository: string, env: NodeJS.ProcessEnv): string | undefined {
  const { GITHUB_TOKEN, GITHUB_SERVER_URL = "https://github.com" } = env;
  const isGithub = URL.canParse(repository) && new URL(repository).origin === new URL(GITHUB_SERVER_URL).origin;
  return isGithub ? GITHUB_TOKEN || undefined : undefined;
}
