import { setTimeout } from "node:timers/promises";
import pRetry from "p-retry";
import { UsageError, UserError } from "../errors.ts";
import type { Run } from "../result/run.ts";
import type { Tools } from "../verbs/verb.ts";
import {
  authorConfig,
  type BranchFile,
  commitFiles,
  filesAt,
  readFileAt,
  type StoredFile,
  storeFiles,
} from "./commit.ts";
import { parseRun, serializeMarker, serializeRun } from "./document.ts";
import type { GitConfig } from "./git.ts";
import { MARKER_FILE, README_FILE, runPath } from "./layout.ts";
import { markerAfter, readMarker } from "./marker.ts";
import { commitMessage, README } from "./prose.ts";
import { ensureRepository, parseRepository } from "./repository.ts";
import { checkBranchName, fetchTip, GitError, openScratch, pushCommit, type Scratch } from "./scratch.ts";

export interface AppendRequest {
  /** Path, URL or `user@host:path`; a local path that ends in .git is made on first use. */
  repository: string;
  branch: string;
  runs: readonly Run[];
  /** For https; handed to git through the environment. */
  token?: string | undefined;
  /** Lets simulated runs into a branch that holds real ones. */
  allowSimulated?: boolean;
}

export interface AppendResult {
  status: "appended" | "already-there";
  /** Tip of the branch that holds all the runs. */
  commit: string;
  /** Ids that this call added. */
  added: string[];
  /** Ids that were there before, with the same content. */
  already: string[];
  attempts: number;
}

/** Tries in all; at the longest waits below they take about a minute. */
const MOST_TRIES = 40;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 4000;

/**
 * Full jitter: anything from nothing to a limit that doubles. Writers that lost to each other spread out, instead of
 * meeting again (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015). p-retry's own jitter ends at
 * its longest wait, where many writers need it most.
 */
function waitMs(attempt: number): number {
  return Math.random() * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
}

/**
 * Puts run documents on the data branch in one commit: on its tip, without a checkout, again on the new tip when another
 * writer was faster. All of them get there or none. The branch, and a local bare repository, are made on first use.
 * @throws UserError when the repository cannot be reached or written, the branch is damaged, an id is taken by another
 *   content, or simulated runs would join real ones
 */
export async function appendRuns(request: AppendRequest, tools: Tools): Promise<AppendResult> {
  const texts = documentsOf(request.runs);
  const repository = parseRepository(request.repository, request.token);
  await using scratch = await openScratch(repository, tools.env);
  await checkBranchName(scratch, request.branch);
  if (repository.kind === "local") await ensureRepository(repository, request.branch, tools.env);
  const stored = await storeFiles(scratch, texts);
  const documents = texts.map((document, i) => ({ ...document, blob: stored[i]!.blob }));
  const job = { scratch, place: `${request.branch} of ${repository.name}`, request, documents, tools };
  const author = await authorConfig(scratch);
  try {
    // The signal is ours to watch: p-retry would report a push that succeeded during the cancel as cancelled.
    return await pRetry((attempt) => tryAppend({ ...job, author, attempt }), {
      retries: MOST_TRIES - 1,
      minTimeout: 0,
      shouldRetry: ({ error }) => isWorthRetrying(error),
      onFailedAttempt: ({ error, attemptNumber, retriesLeft }) =>
        isWorthRetrying(error) && retriesLeft > 0 ? waitForNextTry(error, attemptNumber, tools) : undefined,
    });
  } catch (cause) {
    if (tools.signal.aborted) {
      const message = "cancelled before it was certain that the runs are on the branch; publishing them again is safe";
      throw new UserError(message, { cause });
    }
    if (!isWorthRetrying(cause)) throw cause;
    throw new UserError(`gave up after ${MOST_TRIES} tries: ${cause.message}`, { cause });
  }
}

async function waitForNextTry(error: GitError, attempt: number, { report, signal }: Tools): Promise<void> {
  const why = error.kind === "lost-race" ? "another writer was faster" : "the connection broke off";
  const ms = Math.round(waitMs(attempt));
  report.info(`try ${attempt}: ${why}; trying again in ${ms} ms`);
  await setTimeout(ms, undefined, { signal });
}

function isWorthRetrying(error: unknown): error is GitError {
  return error instanceof GitError && error.kind !== "final";
}

interface Document extends StoredFile {
  run: Run;
  text: string;
}

/** One document an id. */
function documentsOf(runs: readonly Run[]): Omit<Document, "blob">[] {
  if (runs.length === 0) throw new UsageError("no run document to publish");
  const byPath = new Map<string, Omit<Document, "blob">>();
  for (const run of runs) {
    const document = { run, path: runPath(run), text: serializeRun(run) };
    const other = byPath.get(document.path);
    if (other !== undefined && other.text !== document.text) {
      throw new UserError(`two of the documents have the id ${run.id} but not the same content`);
    }
    byPath.set(document.path, document);
  }
  return [...byPath.values()];
}

interface Attempt {
  scratch: Scratch;
  /** The branch, in words. */
  place: string;
  request: AppendRequest;
  documents: Document[];
  author: GitConfig;
  tools: Tools;
  attempt: number;
}

async function tryAppend(parts: Attempt): Promise<AppendResult> {
  const { scratch, place, request, documents, author, tools, attempt } = parts;
  tools.signal.throwIfAborted();
  const tip = await fetchTip(scratch, request.branch, false);
  const there = tip === null ? [] : await filesAt(scratch, tip, [MARKER_FILE, ...documents.map(({ path }) => path)]);
  const before = tip === null ? null : await readMarker(scratch, there, place);
  const added = await missingDocuments(scratch, there, documents);
  const ids = added.map(({ run }) => run.id);
  const already = documents.map(({ run }) => run.id).filter((id) => !ids.includes(id));
  if (tip !== null && added.length === 0) {
    return { status: "already-there", commit: tip, added: [], already, attempts: attempt };
  }
  const runs = added.map(({ run }) => run);
  const marker = await markerAfter(before, runs, { ...request, place, env: tools.env });
  const others: BranchFile[] = tip === null ? [{ path: README_FILE, text: README }] : [];
  if (marker.holds !== before?.holds) others.push({ path: MARKER_FILE, text: serializeMarker(marker) });
  const files = [...added, ...(await storeFiles(scratch, others))];
  const message = commitMessage(runs);
  const commit = await commitFiles(scratch, { parent: tip, files, message, author });
  tools.signal.throwIfAborted();
  if (!(await pushCommit(scratch, commit, request.branch))) {
    return { status: "already-there", commit, added: [], already: [...already, ...ids], attempts: attempt };
  }
  if (before?.holds === "simulated" && marker.holds === "real") {
    tools.report.warning(`${place} held only simulated runs until now; they stay beside the real ones`);
  }
  return { status: "appended", commit, added: ids, already, attempts: attempt };
}

/** The documents that are not on the branch yet. @throws UserError when an id is there with another content */
async function missingDocuments(scratch: Scratch, there: StoredFile[], documents: Document[]): Promise<Document[]> {
  const stored = new Map(there.map((file) => [file.path, file]));
  const missing: Document[] = [];
  for (const document of documents) {
    const file = stored.get(document.path);
    if (file === undefined) missing.push(document);
    else if (file.blob !== document.blob && !(await saysTheSame(scratch, file, document))) {
      throw new UserError(
        `the run ${document.run.id} is already on the branch with another content, and documents never change: ` +
          `compare ${file.path} there with yours`,
      );
    }
  }
  return missing;
}

/** A document that somebody laid out by hand is still the same document. */
async function saysTheSame(scratch: Scratch, file: StoredFile, { text }: Document): Promise<boolean> {
  return serializeRun(parseRun(await readFileAt(scratch, file), file.path)) === text;
}
