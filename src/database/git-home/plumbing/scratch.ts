import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../../errors.ts";
import type { CommandResult } from "../../../machine/command.ts";
import { type GitConfig, gitEnvironment, runGit } from "../../../machine/git.ts";
import { type FoundConfig, findConfig } from "./found-config.ts";
import { type GitFailure, judgeGitFailure } from "./git-failure.ts";
import type { Repository } from "./repository.ts";
import { makeScratchFolder } from "./scratch-folder.ts";

/** A failed git command, judged: the message is for the user, the kind for whoever may try again. */
export class GitError extends UserError {
  override name = "GitError";
  readonly kind: GitFailure["kind"];
  readonly lacksRights: boolean;
  constructor({ kind, message, lacksRights }: GitFailure) {
    super(message);
    this.kind = kind;
    this.lacksRights = lacksRights;
  }
}

/**
 * A temporary git folder that talks to one repository, so that no checkout, index, ref or configuration of the user's is
 * touched. Removed on disposal.
 */
export interface Scratch extends AsyncDisposable {
  /** Folder for files of our own, next to the git folder. */
  folder: string;
  /** What must be set for a commit to have an author. */
  author: GitConfig;
  /** Whether the user's git is set up to sign commits. */
  signsCommits: boolean;
  /** @returns standard output. @throws GitError */
  git(args: readonly string[], input?: string): Promise<string>;
  /** For commands whose failure means something. */
  tryGit(args: readonly string[], input?: string): Promise<CommandResult>;
  error(result: CommandResult): GitError;
}

/** The name under which a scratch folder knows its repository. */
const REMOTE = "database";
export const TIP = "refs/pitwall/tip";
const BASE = "refs/pitwall/base";
/** Where git knows no name of the user's (GIT_AUTHOR_NAME and the like win anyway); never one guessed from the machine. */
const OUR_NAME: GitConfig = [
  ["user.name", "pitwall"],
  ["user.email", "pitwall@users.noreply.github.com"],
];

/** @param signal ends git when it aborts; each call throws the signal's reason then */
export async function openScratch(
  repository: Repository,
  env: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<Scratch> {
  const found = await findConfig(process.cwd(), env);
  const config = [...inherited(repository, found), ...scratchConfig(repository)];
  const folder = await makeScratchFolder();
  const options = { cwd: folder, env: { ...gitEnvironment(env, config), GIT_DIR: join(folder, "git") }, signal };
  const error = ({ stdout, stderr }: CommandResult) =>
    new GitError(judgeGitFailure(`${stdout}\n${stderr}`, repository.name));
  const tryGit = (args: readonly string[], input?: string) =>
    runGit(args, input === undefined ? options : { ...options, input });
  return {
    folder,
    author: found.namesUser ? [] : OUR_NAME,
    signsCommits: found.signsCommits,
    tryGit,
    error,
    async git(args, input) {
      const result = await tryGit(args, input);
      if (result.exitCode !== 0) throw error(result);
      return result.stdout;
    },
    // A git that was ended may still be at it for a moment.
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** A header that the checkout left would be sent beside ours, and GitHub answers two with 400. */
function inherited(repository: Repository, { local }: FoundConfig): GitConfig {
  if (repository.kind === "local" || repository.credentials === undefined) return local;
  return local.filter(([key]) => !/^http\..*extraheader$/.test(key));
}

function scratchConfig(repository: Repository): GitConfig {
  const common: GitConfig = [
    [`remote.${REMOTE}.url`, repository.kind === "local" ? repository.path : repository.url],
    ["core.hooksPath", "/dev/null"],
    ["core.autocrlf", "false"],
    ["core.symlinks", "true"],
    ["gc.auto", "0"],
    ["maintenance.auto", "false"],
    ["fastimport.unpackLimit", "1"],
  ];
  if (repository.kind === "local") {
    // A repository on the same disk is served by a git of ours, which may leave the blobs out and gives any commit.
    const serve = "git -c uploadpack.allowFilter=true -c uploadpack.allowAnySHA1InWant=true upload-pack";
    return [...common, [`remote.${REMOTE}.uploadpack`, serve]];
  }
  if (repository.credentials === undefined) return common;
  // Bound to the server: git would send an unbound header to wherever it is redirected.
  const header = `http.${new URL(repository.url).origin}/.extraheader`;
  const basic = Buffer.from(repository.credentials).toString("base64");
  return [...common, [header, ""], [header, `Authorization: Basic ${basic}`]];
}

/**
 * How much of a commit comes with a fetch; git gets the rest when it is asked for.
 * - everything: for a reader.
 * - years: the files at the top and the folders down to the years, so that a fetch costs the same in every year of a
 *   branch's life; the folder of a month is small.
 * - folders: every folder, no file.
 */
export type FetchDepth = "everything" | "years" | "folders";
const FILTERS = { everything: [], years: ["--filter=tree:3"], folders: ["--filter=blob:none"] };

/**
 * Fetches the newest commit of a branch and nothing behind it.
 * @param depth what to leave on the server, if the server allows
 * @returns the commit, or null when the repository has no such branch
 */
export async function fetchTip(scratch: Scratch, branch: string, depth: FetchDepth): Promise<string | null> {
  return fetchCommit(scratch, `refs/heads/${branch}`, { to: TIP, depth });
}

/**
 * Fetches another commit beside the tip, its folders and no file.
 * @param wanted a branch, or the full id of a commit
 * @returns the commit, or null when the repository has none such, or does not hand it out
 */
export async function fetchBase(scratch: Scratch, wanted: string): Promise<string | null> {
  const isCommit = /^[0-9a-f]{40}$/.test(wanted);
  if (!isCommit) await checkBranchName(scratch, wanted);
  return fetchCommit(scratch, isCommit ? wanted : `refs/heads/${wanted}`, { to: BASE, depth: "folders" });
}

async function fetchCommit(
  scratch: Scratch,
  wanted: string,
  { to, depth }: { to: string; depth: FetchDepth },
): Promise<string | null> {
  const options = ["--quiet", "--no-tags", "--depth=1", "--no-write-fetch-head", "--no-auto-maintenance"];
  const result = await scratch.tryGit(["fetch", ...options, ...FILTERS[depth], REMOTE, `+${wanted}:${to}`]);
  if (result.exitCode === 0) return (await readFile(join(scratch.folder, "git", to), "utf8")).trim();
  if (/couldn't find remote ref|not our ref|unadvertised object/.test(result.stderr)) return null;
  // A server may allow filters, but not this one.
  if (depth === "years" && /filter/.test(result.stderr)) return fetchCommit(scratch, wanted, { to, depth: "folders" });
  throw scratch.error(result);
}

/**
 * Fetches blobs of a commit that came without them, all at once: git itself would ask for one after the other. A server that
 * gives none by name is left to git's own ways.
 */
export async function fetchBlobs(scratch: Scratch, blobs: readonly string[]): Promise<void> {
  const options = ["--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--filter=blob:none"];
  const fetch = ["-c", "fetch.negotiationAlgorithm=noop", "fetch", ...options, "--stdin", REMOTE];
  await scratch.tryGit(fetch, blobs.map((blob) => `${blob}\n`).join(""));
}

/**
 * @returns false when the branch was there already: another writer made the very same commit in the same second
 * @throws GitError; of kind `lost-race` when the branch has moved since its tip was fetched
 */
export async function pushCommit(scratch: Scratch, commit: string, branch: string): Promise<boolean> {
  const said = await scratch.git(["push", "--porcelain", "--no-verify", REMOTE, `${commit}:refs/heads/${branch}`]);
  return !/^=\t/m.test(said);
}

export async function checkBranchName(scratch: Scratch, branch: string): Promise<void> {
  if (branch.startsWith("refs/") || branch === "HEAD") {
    throw new UserError(`“${branch}” is no name of a branch: give it without refs/heads/, as in pitwall-data`);
  }
  if (/^[A-Za-z][\w-]*$/.test(branch)) return;
  const { exitCode } = await scratch.tryGit(["check-ref-format", `refs/heads/${branch}`]);
  if (exitCode !== 0) throw new UserError(`“${branch}” cannot be the name of a git branch`);
}
