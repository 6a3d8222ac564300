import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { makeFolder } from "../../files.ts";
import { gitEnvironment, runGit } from "../../machine/git.ts";
import { waitForLock } from "../../machine/lock.ts";
import type { Tools } from "../../tools.ts";
import { fetchArguments, gitsWords, KEPT_PLAIN, mustGit, RepositoryError, sealedGit } from "./sealed-git.ts";
import { nameOf, type Source } from "./source.ts";

interface Wanted {
  /** Folder of all mirrors. */
  mirrors: string;
  source: Source;
  /** 40 hex digits. */
  commit: string;
}

/**
 * Sees to it that the source's mirror holds a commit with all that came before it, and asks the source only for what is missing.
 * The mirror is shared by all runs of this user, one writer at a time.
 * @returns its folder
 * @throws RepositoryError when the source does not have it
 */
export async function provideCommit({ mirrors, source, commit }: Wanted, tools: Tools): Promise<string> {
  const name = createHash("sha256").update(nameOf(source)).digest("hex").slice(0, 24);
  const mirror = join(mirrors, `${name}.git`);
  if (isThere(mirror, commit)) return mirror;
  await using _ = await waitForLock("mirror", mirror, tools.signal);
  if (isThere(mirror, commit)) return mirror;
  await makeMirror(mirror, tools);
  tools.report.info(`fetching ${commit.slice(0, 12)} from ${nameOf(source)}`);
  await fetchCommit(mirror, source, commit, tools);
  return mirror;
}

const refOf = (commit: string) => `refs/pitwall/${commit}`;

/** git writes a ref only once all that it needs is there. */
const isThere = (mirror: string, commit: string) => existsSync(join(mirror, refOf(commit)));

async function makeMirror(mirror: string, { env, signal }: Tools): Promise<void> {
  await makeFolder(mirror);
  await removeLeftovers(mirror);
  const isMade = existsSync(join(mirror, "HEAD")) && existsSync(join(mirror, "config"));
  if (!isMade) await mustGit(sealedGit(mirror, env, signal), ["init", "--quiet", "--bare", "--template="]);
}

/** Whoever holds the mirror is its only writer: locks and half packs are those of a killed one. */
async function removeLeftovers(mirror: string): Promise<void> {
  const entries = await readdir(mirror, { recursive: true });
  const left = entries.filter((path) => path.endsWith(".lock") || basename(path).startsWith("tmp_"));
  for (const path of left) await rm(join(mirror, path), { recursive: true, force: true });
}

async function fetchCommit(mirror: string, source: Source, commit: string, tools: Tools): Promise<void> {
  const wanted = fetchArguments(source, `+${commit}:${refOf(commit)}`);
  const result =
    source.kind === "path"
      ? await sealedGit(mirror, tools.env, tools.signal)(wanted)
      : await fetchAsUser(mirror, wanted, tools);
  if (result.exitCode === 0 && isThere(mirror, commit)) return;
  throw new RepositoryError(await explain(source, commit, gitsWords(result), tools));
}

/** A server may want the user's own proxy and credentials, which their configuration knows. */
async function fetchAsUser(mirror: string, args: readonly string[], { env, signal }: Tools) {
  return runGit(args, { cwd: mirror, env: { ...gitEnvironment(env, KEPT_PLAIN), GIT_DIR: mirror }, signal });
}

async function explain(source: Source, commit: string, words: string, { env, signal }: Tools): Promise<string> {
  const what = `${nameOf(source)} does not give commit ${commit}`;
  if (source.kind === "url") {
    const isMissing = /not our ref|couldn't find remote ref|unadvertised object/.test(words);
    return isMissing ? `${what}: it has none such; check the dataset's repo, or --source` : `${what}: ${words}`;
  }
  const asked = await sealedGit(
    source.path,
    env,
    signal,
  )([...["-c", "safe.directory=*", "rev-parse", "--is-shallow-repository"]]);
  if (asked.exitCode !== 0) return `${nameOf(source)} is no git repository: ${gitsWords(asked)}`;
  if (asked.stdout.trim() === "true") {
    return `${what} with its history: it is a shallow clone; complete it with: git -C ${source.path} fetch --unshallow`;
  }
  return `${what}: it has none such; fetch it there with: git -C ${source.path} fetch --all`;
}
