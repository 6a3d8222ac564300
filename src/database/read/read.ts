import { randomUUID } from "node:crypto";
import { existsSync, statSync } from "node:fs";
import { cp, mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { UserError } from "../../errors.ts";
import { makeFolder } from "../../files.ts";
import type { Run } from "../../result/document/run.ts";
import { DEFAULT_BRANCH, MARKER_FILE } from "../document/layout.ts";
import { PENDING_FOLDER } from "../folder-home/folder-files.ts";
import { FOLDER, type FolderHome, parseHome, parseRepository } from "../git-home/plumbing/repository.ts";
import { type FetchDepth, fetchTip, openScratch, type Scratch, TIP } from "../git-home/plumbing/scratch.ts";
import { checkOutInto, prepareFiles } from "../git-home/plumbing/tree.ts";
import { type ReadFolder, readFolder } from "./folder.ts";
import type { Inspect, Problem } from "./problem.ts";

/** There is no data branch yet where one was looked for. */
export class NoHistoryError extends UserError {
  override name = "NoHistoryError";
}

/** A data branch in a repository. */
export interface BranchSource {
  repository: string;
  branch: string;
}

export interface Access {
  env?: NodeJS.ProcessEnv;
  /** For https; handed to git through the environment. */
  token?: string | undefined;
  /** Ends the reading, and git with it; what reads throws the signal's reason then. */
  signal?: AbortSignal | undefined;
}

export interface Database {
  /** By real time, oldest first. */
  runs: Run[];
}

/**
 * Reads every run of a data branch.
 * @param source a folder in the published layout, or `REPOSITORY#BRANCH` (`pitwall-data` when no branch is named)
 * @throws UserError naming every damaged or unknown file; nothing is left out in silence
 */
export async function readDatabase(source: string | BranchSource, access: Access = {}): Promise<Database> {
  const { place, runs, problems } = await readContent(source, access);
  return checked(place, { runs, problems });
}

/** What {@link readDatabase} reads, with what is wrong beside it. `place` is the branch in words. */
export async function readContent(
  source: string | BranchSource,
  access: Access = {},
  inspect?: Inspect,
): Promise<ReadFolder & { place: string }> {
  return inFolder(source, access, async ({ place, folder }) => ({
    place,
    ...(await readFolder(folder, inspect, access.signal)),
  }));
}

/** Hands over a data branch as a folder, which may be gone afterwards; `place` is the branch in words. */
export async function inFolder<T>(
  source: string | BranchSource,
  access: Access,
  use: (branch: { place: string; folder: string }) => Promise<T>,
): Promise<T> {
  const from = sourceOf(source);
  if ("folder" in from) return use({ place: from.folder, folder: from.folder });
  await using scratch = await openBranch(from, access);
  return await use({ place: placeOf(from), folder: await checkOut(scratch) });
}

/**
 * Writes a data branch into a folder, in the published layout.
 * @param folder is replaced when it holds an earlier export; anything else there is an error
 */
export async function exportBranch(source: string | BranchSource, folder: string, access: Access = {}): Promise<void> {
  const place = sourceOf(source);
  const target = resolve(folder);
  await checkTarget(target);
  const aside = join(dirname(target), `${basename(target)}.${randomUUID()}.tmp`);
  try {
    await makeFolder(aside);
    if ("folder" in place) {
      const foreign = [".git", PENDING_FOLDER].map((name) => resolve(place.folder, name));
      await cp(place.folder, aside, { recursive: true, filter: (path) => !foreign.includes(resolve(path)) });
    } else {
      await using scratch = await openBranch(place, access);
      await cp(await checkOut(scratch), aside, { recursive: true });
    }
    await rm(target, { recursive: true, force: true });
    await rename(aside, target);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** A branch in words. */
export function placeOf({ repository, branch }: BranchSource): string {
  return `${parseRepository(repository).name}#${branch}`;
}

export function sourceOf(source: string | BranchSource): BranchSource | { folder: string } {
  if (typeof source === "string") return parseSource(source);
  return parseHome(source.repository).kind === "folder" ? parseSource(source.repository) : source;
}

/** `DIR`, `folder:DIR`, `REPOSITORY#BRANCH` or `REPOSITORY`. */
export function parseSource(source: string): BranchSource | { folder: string } {
  if (source.startsWith(FOLDER)) return { folder: dataFolder(source) };
  if (isFolder(source) && existsSync(join(source, MARKER_FILE))) return { folder: source };
  const { repository: text, branch } = splitBranch(source);
  if (branch !== undefined) return { repository: text, branch };
  const repository = parseRepository(text);
  if (repository.kind === "remote") return { repository: text, branch: DEFAULT_BRANCH };
  if (!existsSync(repository.path)) throw nothingAt(text);
  if (["HEAD", ".git"].some((name) => existsSync(join(repository.path, name)))) {
    return { repository: text, branch: DEFAULT_BRANCH };
  }
  throw new UserError(`${text} is neither a git repository nor a data branch: there is no ${MARKER_FILE} in it`);
}

const isFolder = (path: string) => existsSync(path) && statSync(path).isDirectory();

/** `REPOSITORY#BRANCH`. A path with a # in its name is meant as it stands where it, or the folder it is to lie in, is there. */
export function splitBranch(text: string): { repository: string; branch?: string } {
  const path = text.startsWith(FOLDER) ? text.slice(FOLDER.length) : text;
  const hash = text.lastIndexOf("#");
  const parent = dirname(path);
  if (hash < 0 || isFolder(path) || (parent.includes("#") && isFolder(parent))) return { repository: text };
  const branch = text.slice(hash + 1);
  return { repository: text.slice(0, hash) || ".", ...(branch === "" ? {} : { branch }) };
}

function nothingAt(name: string): NoHistoryError {
  return new NoHistoryError(
    `${name} does not exist, so there is no history to read: publish a run first, or name another one with ` +
      "--database PATH|URL|folder:PATH|origin",
  );
}

function dataFolder(source: string): string {
  const { path, name } = parseHome(source) as FolderHome;
  if (!existsSync(path)) throw new UserError(`${name} does not exist: make the folder first, or mount its disk`);
  if (existsSync(join(path, MARKER_FILE))) return path;
  throw new NoHistoryError(`${name} is no data folder: there is no ${MARKER_FILE} in it. Publish a run first`);
}

export async function openBranch(
  { repository, branch }: BranchSource,
  { env = process.env, token, signal }: Access,
  depth: FetchDepth = "everything",
): Promise<Scratch> {
  const place = parseRepository(repository, token);
  if (place.kind === "local" && !existsSync(place.path)) throw nothingAt(place.name);
  const scratch = await openScratch(place, env, signal);
  try {
    if ((await fetchTip(scratch, branch, depth)) !== null) return scratch;
    throw new NoHistoryError(`${place.name} has no branch ${branch} yet: publish a run first, or name another branch`);
  } catch (error) {
    await scratch[Symbol.asyncDispose]();
    throw error;
  }
}

/** The fetched branch, or some files of it, below the scratch folder, byte for byte. */
export async function checkOut(scratch: Scratch, paths?: readonly string[]): Promise<string> {
  const folder = join(scratch.folder, "files");
  await mkdir(folder);
  await prepareFiles(scratch, TIP);
  await checkOutInto(scratch, folder, paths);
  return folder;
}

async function checkTarget(target: string): Promise<void> {
  if (!existsSync(target)) return;
  const names = statSync(target).isDirectory() ? await readdir(target) : [basename(target)];
  if (names.length === 0 || (names.includes(MARKER_FILE) && !names.includes(".git"))) return;
  throw new UserError(`${target} holds other files; name an empty or a new folder`);
}

function checked(place: string, { runs, problems }: { runs: Run[]; problems: Problem[] }): Database {
  if (problems.length === 0) return { runs };
  const shown = problems.slice(0, 20).map(({ message }) => `- ${message}`);
  const rest = problems.length > shown.length ? [`- and ${problems.length - shown.length} more`] : [];
  throw new UserError(`the data branch in ${place} has damaged or unknown files:\n${[...shown, ...rest].join("\n")}`);
}
