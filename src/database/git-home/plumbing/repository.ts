import { randomUUID } from "node:crypto";
import { appendFile, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { messageOf, UsageError, UserError } from "../../../errors.ts";
import { makeFolder } from "../../../files.ts";
import { gitEnvironment, runGit } from "../../../machine/git.ts";
import { dubiousOwnershipAdvice, fullDiskAdvice } from "./git-failure.ts";

/** Where a data branch lives. Credentials are kept apart from the URL, because a URL is shown and a secret is not. */
export type Repository =
  | { kind: "local"; path: string; name: string }
  | { kind: "remote"; url: string; name: string; credentials?: string };

/** A folder without git, as on a shared disk, with the layout of a data branch. */
export interface FolderHome {
  kind: "folder";
  path: string;
  name: string;
}

/** Begins the name of a home without git. */
export const FOLDER = "folder:";

/** Where a data branch may live: `folder:PATH`, or what {@link parseRepository} takes. */
export function parseHome(text: string, token?: string): Repository | FolderHome {
  if (!text.startsWith(FOLDER)) return parseRepository(text, token);
  const path = text.slice(FOLDER.length);
  if (path.trim() === "") throw new UsageError("name the folder after “folder:”, as in folder:/mnt/benchmarks");
  return { kind: "folder", path: resolve(path), name: text };
}

/**
 * @param text a path, a URL or git's short form `user@host:path`
 * @param token for https; takes the place of credentials in the URL
 */
export function parseRepository(text: string, token?: string): Repository {
  if (text.startsWith(FOLDER)) throw new UsageError(`${text} is a folder without git; this needs a git repository`);
  if (/^file:\/\//.test(text)) {
    const path = decodeURIComponent(new URL(text).pathname);
    return { kind: "local", path, name: path };
  }
  if (/^https?:\/\//.test(text)) return webRepository(text, token);
  const isShortForm = /^[^/\\]+:/.test(text);
  if (/^[a-z][a-z0-9+.-]*:\/\//.test(text) || isShortForm) return { kind: "remote", url: text, name: text };
  return { kind: "local", path: resolve(text), name: text };
}

function webRepository(text: string, token: string | undefined): Repository {
  if (!URL.canParse(text)) throw new UserError("the repository's URL is not a valid one");
  const url = new URL(text);
  const own = url.password === "" ? url.username : `${url.username}:${url.password}`;
  url.username = "";
  url.password = "";
  // GitHub and GitLab look at the password only; a lone token in a URL is git's user name.
  const credentials = token === undefined ? decodeURIComponent(own) : `x-access-token:${token}`;
  const remote = { kind: "remote" as const, url: url.href, name: url.href };
  return credentials === "" ? remote : { ...remote, credentials };
}

/** URL or path of `origin` in the repository around a folder. @throws UserError when git tells of none, with its cause */
export async function originOf(folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  const options = { cwd: folder, env: gitEnvironment(env, []) };
  const { exitCode, stdout, stderr } = await runGit(["remote", "get-url", "origin"], options);
  if (exitCode === 0) {
    const origin = stdout.trimEnd();
    return parseRepository(origin).kind === "local" ? resolve(folder, origin.replace(/^file:\/\//, "")) : origin;
  }
  const dubious = dubiousOwnershipAdvice(stderr);
  if (dubious !== undefined) throw new UserError(dubious);
  throw new UserError(
    "there is no origin: the current folder belongs to no git repository with a remote of that name. Name the history " +
      "with --database PATH|URL|folder:PATH",
  );
}

/**
 * What git does by itself from 2.41 on: of a pack without a reverse index every fetch of an old object makes one in memory,
 * which took 12 ms of each publish to 100,000 runs.
 */
const REVERSE_INDEX = "[pack]\n\twriteReverseIndex = true\n";

/**
 * @returns false where a repository could be made
 * @throws UserError when something else is there, or nothing at a path that does not end in .git
 */
export async function isRepository({ path }: { path: string }): Promise<boolean> {
  const state = await stateOf(path);
  if (state === "repository") return true;
  if (state === "other") {
    throw new UserError(`${path} is not a git repository; name one, an empty folder, or a new path that ends in .git`);
  }
  if (state === "absent" && !path.endsWith(".git")) {
    throw new UserError(`${path} does not exist; a new local repository is made only at a path that ends in .git`);
  }
  return false;
}

/**
 * Makes a bare repository where nothing is yet: only at a path that ends in .git or in an empty folder, so that a
 * mistyped path never becomes a repository.
 * @throws UserError when something else is there
 */
export async function ensureRepository({ path }: { path: string }, branch: string, env: NodeJS.ProcessEnv) {
  if (await isRepository({ path })) return;
  // Made aside and moved in whole: of several first writers at once one wins, and nobody sees a half of it.
  const aside = `${path}.${randomUUID()}.tmp`;
  try {
    await makeFolder(dirname(path));
    const made = await runGit(["init", "--quiet", "--bare", "--template=", `--initial-branch=${branch}`, aside], {
      env: gitEnvironment(env, []),
    });
    if (made.exitCode !== 0) throw new UserError(fullDiskAdvice(made.stderr) ?? made.stderr.trim());
    await appendFile(join(aside, "config"), REVERSE_INDEX);
    await rename(aside, path);
  } catch (cause) {
    if ((await stateOf(path).catch(() => "other")) === "repository") return;
    throw new UserError(`the repository ${path} could not be made: ${messageOf(cause)}`, { cause });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function stateOf(path: string): Promise<"absent" | "empty" | "repository" | "other"> {
  const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw new UserError(`${path} cannot be used as a repository: ${error.message}`, { cause: error });
  });
  if (facts === null) return "absent";
  if (!facts.isDirectory()) return "other";
  const names = await readdir(path);
  if (names.length === 0) return "empty";
  return names.includes(".git") || (names.includes("HEAD") && names.includes("objects")) ? "repository" : "other";
}
