import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../errors.ts";
import type { CommandResult } from "../process.ts";
import { type GitConfig, gitEnvironment, localConfig, runGit } from "./git.ts";
import { type GitFailure, judgeGitFailure } from "./git-failure.ts";
import type { Repository } from "./repository.ts";

/** A failed git command, judged: the message is for the user, the kind for whoever may try again. */
export class GitError extends UserError {
  override name = "GitError";
  readonly kind: GitFailure["kind"];
  constructor({ kind, message }: GitFailure) {
    super(message);
    this.kind = kind;
  }
}

/**
 * A temporary git folder that talks to one repository, so that no checkout, index, ref or configuration of the user's is
 * touched. Removed on disposal.
 */
export interface Scratch extends AsyncDisposable {
  /** Folder for files of our own, next to the git folder. */
  folder: string;
  /** @returns standard output. @throws GitError */
  git(args: readonly string[]): Promise<string>;
  /** For commands whose failure means something. */
  tryGit(args: readonly string[]): Promise<CommandResult>;
  error(result: CommandResult): GitError;
}

/** The name under which a scratch folder knows its repository. */
const REMOTE = "database";
export const TIP = "refs/pitwall/tip";
/** Goes before any .gitattributes of the branch, so that files come out byte for byte. */
const NO_CONVERSION = "* -text -ident -filter -working-tree-encoding\n";

export async function openScratch(repository: Repository, env: NodeJS.ProcessEnv): Promise<Scratch> {
  const config = [...(await inherited(repository, env)), ...scratchConfig(repository)];
  const folder = await mkdtemp(join(tmpdir(), "pitwall-database-"));
  const options = { cwd: folder, env: { ...gitEnvironment(env, config), GIT_DIR: join(folder, "git") } };
  const tryGit = (args: readonly string[]) => runGit(args, options);
  const error = ({ stdout, stderr }: CommandResult) =>
    new GitError(judgeGitFailure(`${stdout}\n${stderr}`, repository.name));
  const scratch: Scratch = {
    folder,
    tryGit,
    error,
    async git(args) {
      const result = await tryGit(args);
      if (result.exitCode !== 0) throw error(result);
      return result.stdout;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
  try {
    await scratch.git(["init", "--quiet", "--bare", "--template="]);
    await mkdir(join(folder, "git", "info"));
    await writeFile(join(folder, "git", "info", "attributes"), NO_CONVERSION);
    return scratch;
  } catch (failure) {
    await scratch[Symbol.asyncDispose]();
    throw failure;
  }
}

/** A header that the checkout left would be sent beside ours, and GitHub answers two with 400. */
async function inherited(repository: Repository, env: NodeJS.ProcessEnv): Promise<GitConfig> {
  const config = await localConfig(process.cwd(), env);
  if (repository.kind === "local" || repository.credentials === undefined) return config;
  return config.filter(([key]) => !/^http\..*extraheader$/.test(key));
}

function scratchConfig(repository: Repository): GitConfig {
  const common: GitConfig = [
    [`remote.${REMOTE}.url`, repository.kind === "local" ? repository.path : repository.url],
    ["core.hooksPath", "/dev/null"],
    ["core.autocrlf", "false"],
    ["core.symlinks", "false"],
    ["gc.auto", "0"],
    ["maintenance.auto", "false"],
  ];
  if (repository.kind === "local") {
    // A repository on the same disk is served by a git of ours, which may leave the blobs out.
    return [...common, [`remote.${REMOTE}.uploadpack`, "git -c uploadpack.allowFilter=true upload-pack"]];
  }
  if (repository.credentials === undefined) return common;
  // Bound to the server: git would send an unbound header to wherever it is redirected.
  const header = `http.${new URL(repository.url).origin}/.extraheader`;
  const basic = Buffer.from(repository.credentials).toString("base64");
  return [...common, [header, ""], [header, `Authorization: Basic ${basic}`]];
}

/**
 * Fetches the newest commit of a branch and nothing behind it.
 * @param contents false leaves file contents where they are until one is read, if the server allows
 * @returns the commit, or null when the repository has no such branch
 */
export async function fetchTip(scratch: Scratch, branch: string, contents: boolean): Promise<string | null> {
  const filter = contents ? [] : ["--filter=blob:none"];
  const refspec = `+refs/heads/${branch}:${TIP}`;
  const options = ["--quiet", "--no-tags", "--depth=1", "--no-write-fetch-head", ...filter];
  const result = await scratch.tryGit(["fetch", ...options, REMOTE, refspec]);
  if (result.exitCode === 0) return (await scratch.git(["rev-parse", "--verify", TIP])).trim();
  if (/couldn't find remote ref/.test(result.stderr)) return null;
  throw scratch.error(result);
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
  const { exitCode } = await scratch.tryGit(["check-ref-format", `refs/heads/${branch}`]);
  if (exitCode !== 0) throw new UserError(`“${branch}” cannot be the name of a git branch`);
}
