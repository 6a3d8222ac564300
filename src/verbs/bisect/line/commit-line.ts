import { weightOf } from "../../../arms/bisect/weights.ts";
import { UsageError, UserError } from "../../../errors.ts";
import type { BisectBuild } from "../../../result/document/bisect.ts";
import { findCommit, type Git, gitIn, isAncestor, readCheckout, subjectOf } from "../../trigger/checkout.ts";

interface Ends {
  good: string;
  bad: string;
  repository: string;
}

/**
 * The commits from the good end to the bad one along first parents, each with the weight of the paths that it touches.
 * @throws UsageError, UserError when there is no such line, or a build of it could not be trusted
 */
export async function commitLine({ good, bad, repository }: Ends, env: NodeJS.ProcessEnv): Promise<BisectBuild[]> {
  const git = gitIn(repository, env);
  await requireWhole(git, repository);
  const [first, last] = [await commitOf(git, good, "good", repository), await commitOf(git, bad, "bad", repository)];
  if (first === last)
    throw new UsageError(`--good ${good} and --bad ${bad} are the same commit, ${first.slice(0, 10)}`);
  await requireAncestor(git, { good, bad, first, last });
  const commits = await commitsBetween(git, first, last);
  const start = commits[0]!.parent;
  if (start !== first) {
    throw new UsageError(
      `--good ${good} is in the history of --bad ${bad}, but not on its line of first parents, which a search follows: ` +
        `give the commit where the branch of it was merged or began there, as ${start.slice(0, 10)}`,
    );
  }
  const builds = commits.map(({ commit, subject, paths }) => ({ name: commit, subject, weight: weightOf(paths) }));
  return [{ name: first, subject: (await subjectOf(git, first)) ?? "", weight: 1 }, ...builds];
}

async function requireWhole(git: Git, repository: string): Promise<void> {
  const checkout = await readCheckout(git);
  if (checkout.kind !== "found") throw new UsageError(`--repository ${repository}: ${checkout.why}`);
  if (checkout.modified) {
    throw new UserError(
      `${repository} has changes that are not committed, which may get into a build: commit them or put them aside with ` +
        "git stash",
    );
  }
  const { stdout } = await git("rev-parse", "--is-shallow-repository");
  if (stdout.trim() === "true") {
    throw new UserError(
      `${repository} is a shallow clone, which hides commits: git -C ${repository} fetch --unshallow (in a workflow: ` +
        "actions/checkout with fetch-depth: 0)",
    );
  }
}

async function commitOf(git: Git, name: string, flag: string, repository: string): Promise<string> {
  const commit = await findCommit(git, name);
  if (commit !== null) return commit;
  throw new UsageError(
    `--${flag} ${name}: ${repository} has no such commit, branch or tag, or several; if it is newer, fetch it first`,
  );
}

async function requireAncestor(git: Git, ends: Record<"good" | "bad" | "first" | "last", string>): Promise<void> {
  const { good, bad, first, last } = ends;
  if (await isAncestor(git, first, last)) return;
  if (await isAncestor(git, last, first)) {
    throw new UsageError(`--good ${good} comes after --bad ${bad}: exchange them, the good end is the older one`);
  }
  const { stdout } = await git("merge-base", first, last);
  const base = stdout.trim() === "" ? "they have no history in common" : `both have ${stdout.trim().slice(0, 10)}`;
  throw new UsageError(`--good ${good} is not in the history of --bad ${bad}, so no line leads there; ${base}`);
}

interface LineCommit {
  commit: string;
  parent: string;
  subject: string;
  paths: string[];
}

const LINE = ["--first-parent", "--reverse"];

/** Oldest first. Whatever subjects and paths hold, they are told from commits by a list of those. */
async function commitsBetween(git: Git, first: string, last: string): Promise<LineCommit[]> {
  const range = [`${first}..${last}`, "--"];
  const listed = await printed(git, "rev-list", ...LINE, "--parents", ...range);
  const commits = listed
    .trim()
    .split("\n")
    .map((line) => line.split(" "));
  const subjects = (await printed(git, "log", ...LINE, "-z", "--format=%s", ...range)).split("\0");
  const ofPaths = ["--diff-merges=first-parent", "--no-renames", "--name-only", "-z", "--format=%H"];
  const paths = pathsBy(
    commits.map(([commit]) => commit!),
    await printed(git, "log", ...LINE, ...ofPaths, ...range),
  );
  return commits.map(([commit = "", parent = ""], index) => {
    return { commit, parent, subject: subjects[index] ?? "", paths: paths[index]! };
  });
}

/** What each commit touches, of a list in which its name comes before: no path can be the name of a later commit. */
function pathsBy(commits: readonly string[], listed: string): string[][] {
  const found: string[][] = [];
  for (const entry of listed.split("\0").map((one) => one.replace(/^\n/, ""))) {
    if (entry === commits[found.length]) found.push([]);
    else if (entry !== "") found.at(-1)?.push(entry);
  }
  return commits.map((_, index) => found[index] ?? []);
}

async function printed(git: Git, ...args: string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await git(...args);
  if (exitCode !== 0) throw new UserError(`git could not list the commits between: ${stderr.trim()}`);
  return stdout;
}
