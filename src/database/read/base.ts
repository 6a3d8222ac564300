import { existsSync } from "node:fs";
import { join } from "node:path";
import { UsageError, UserError } from "../../errors.ts";
import { gitEnvironment, runGit } from "../../machine/git.ts";
import { parseMarker } from "../document/database-marker.ts";
import { MARKER_FILE } from "../document/layout.ts";
import { readBytes, readText } from "../document/text-file.ts";
import { blobId, plainFilesAt, readFileAt, type StoredFile } from "../git-home/plumbing/commit.ts";
import { judgeGitFailure } from "../git-home/plumbing/git-failure.ts";
import { parseRepository } from "../git-home/plumbing/repository.ts";
import { fetchBase, GitError, openScratch, type Scratch } from "../git-home/plumbing/scratch.ts";
import { packFileOf, packIndexPath, packPath, parsePackIndex } from "../pack/packed-index.ts";
import { isRunPath } from "../records/run.ts";
import { type BaseState, breaches, isRecord, type ProposedState } from "./append-only.ts";
import { filesBelow } from "./folder.ts";
import type { Problem } from "./problem.ts";
import { type Access, parseSource } from "./read.ts";

/** What a push event says of a branch that was not there before. */
export const NOTHING = /^0{40}$/;

interface Proposed {
  source: string;
  access: Access;
  /** Where the proposed state lies as files. */
  folder: string;
  /** Its good run documents by id, as the names of their blobs. */
  runs: ProposedState["runs"];
}

/**
 * Holds a state of the branch against an earlier one of the same repository.
 * @param base a branch, or a commit: its full id, and in a local repository any revision, as in `pitwall-data~1`
 * @throws UserError when there is no such commit, or no git to ask
 */
export async function breachesSince(base: string, { source, access, folder, runs }: Proposed): Promise<Problem[]> {
  if (NOTHING.test(base)) return [];
  const { env = process.env, token, signal } = access;
  const repository = parseRepository(repositoryOf(source), token);
  await using scratch = await openScratch(repository, env, signal);
  const wanted = repository.kind === "local" ? await resolveRevision(base, repository, env) : base;
  const commit = await fetchBase(scratch, wanted);
  if (commit === null) throw noSuchBase(base, repository.name);
  const files = await filesIn(folder);
  const holds = await markerHolds(() => readText(join(folder, MARKER_FILE), MARKER_FILE));
  return breaches(await readBase(scratch, commit, files), { runs, files, holds });
}

/** @throws UsageError for a folder that is no checkout */
function repositoryOf(source: string): string {
  const place = parseSource(source);
  if (!("folder" in place)) return place.repository;
  if (existsSync(join(place.folder, ".git"))) return place.folder;
  throw new UsageError(
    `--base compares with a commit, and ${place.folder} is a folder without git, which has none: leave --base out, or name ` +
      "REPOSITORY#BRANCH",
  );
}

/** A checkout often knows a branch as its remote's only. */
async function resolveRevision(base: string, { path, name }: { path: string; name: string }, env: NodeJS.ProcessEnv) {
  for (const revision of [base, `origin/${base}`]) {
    const args = ["-C", path, "rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`];
    const { exitCode, stdout, stderr } = await runGit(args, { env: gitEnvironment(env, []) });
    if (exitCode === 0) return stdout.trim();
    if (stderr.trim() !== "") throw new GitError(judgeGitFailure(stderr, name));
  }
  throw noSuchBase(base, name);
}

function noSuchBase(base: string, repository: string): UserError {
  return new UserError(
    `${repository} has no branch or commit ${base} to compare with; a checkout needs its history (fetch-depth: 0)`,
  );
}

async function filesIn(folder: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const { path, isPlain } of await filesBelow(folder, "")) {
    if (isPlain && (isRecord(path) || packFileOf(path) !== null))
      files.set(path, await blobOf(join(folder, path), path));
  }
  return files;
}

/** The name that git gives to a file's bytes; for one that is too large to be read, the error in its place. */
async function blobOf(file: string, path: string): Promise<string> {
  try {
    return blobId(await readBytes(file, path, 100));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return error.message;
  }
}

async function readBase(scratch: Scratch, commit: string, proposed: ReadonlyMap<string, string>): Promise<BaseState> {
  const files = await plainFilesAt(scratch, commit);
  const loose = files
    .filter(({ path }) => isRunPath(path))
    .map(({ path, blob }) => ({ id: idOfPath(path), blob, file: path }));
  const marker = files.find(({ path }) => path === MARKER_FILE);
  return {
    runs: [...loose, ...(await packedIn(scratch, files, proposed))],
    records: new Map(files.filter(({ path }) => isRecord(path)).map(({ path, blob }) => [path, blob])),
    holds: marker === undefined ? undefined : await markerHolds(() => readFileAt(scratch, marker)),
  };
}

const idOfPath = (path: string) => path.slice(path.lastIndexOf("/") + 1).replace(/\.json$/, "");

/** A pack that is still there as it was needs no look: this is how it costs little in a branch of many years. */
async function packedIn(scratch: Scratch, files: readonly StoredFile[], proposed: ReadonlyMap<string, string>) {
  const blobs = new Map(files.map(({ path, blob }) => [path, blob]));
  const isSame = (path: string) => blobs.get(path) !== undefined && blobs.get(path) === proposed.get(path);
  const months = new Set(files.flatMap(({ path }) => packFileOf(path)?.month ?? []));
  const packed: BaseState["runs"] = [];
  for (const month of months) {
    const [file, index] = [packPath(month), packIndexPath(month)];
    if (isSame(file) && isSame(index)) continue;
    const blob = blobs.get(index);
    if (blob === undefined) continue;
    const documents = parsePackIndex(await readFileAt(scratch, { path: index, blob }), `${index} of the base`);
    packed.push(...documents.map((document) => ({ ...document, file })));
  }
  return packed;
}

/** Damage of a marker is for the reader to name. */
async function markerHolds(read: () => Promise<string>) {
  try {
    return parseMarker(await read(), MARKER_FILE).holds;
  } catch (error) {
    if (!(error instanceof UserError) && (error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return undefined;
  }
}
