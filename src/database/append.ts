import pRetry from "p-retry";
import { UsageError, UserError } from "../errors.ts";
import type { Run } from "../result/run.ts";
import type { Tools } from "../verbs/verb.ts";
import { type BranchFile, commitFiles, filesAt, readFileAt } from "./commit.ts";
import { parseMarker, parseRun, serializeMarker, serializeRun } from "./document.ts";
import { type DatabaseMarker, MARKER_FILE, README_FILE, runPath } from "./layout.ts";
import { commitMessage, README } from "./prose.ts";
import { readDatabase } from "./read.ts";
import { ensureRepository, parseRepository, type Repository } from "./repository.ts";
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

/**
 * A lost race costs one more fetch and commit; sixteen writers at once need about as many tries in the worst order.
 * p-retry's `randomize` spreads each wait over one to two times its length, so that the losers do not meet again.
 */
const RETRY = { retries: 29, minTimeout: 50, factor: 1.5, maxTimeout: 2000, randomize: true };

/**
 * Puts run documents on the data branch in one commit: on its tip, without a checkout, again on the new tip when another
 * writer was faster. All of them get there or none. The branch, and a local bare repository, are made on first use.
 * @throws UserError when the repository cannot be reached or written, the branch is damaged, an id is taken by another
 *   content, or simulated runs would join real ones
 */
export async function appendRuns(request: AppendRequest, tools: Tools): Promise<AppendResult> {
  const documents = documentsOf(request.runs);
  const repository = parseRepository(request.repository, request.token);
  await using scratch = await openScratch(repository, tools.env);
  await checkBranchName(scratch, request.branch);
  if (repository.kind === "local") await ensureRepository(repository, request.branch, tools.env);
  try {
    return await pRetry((attempt) => tryAppend({ scratch, repository, request, documents, tools, attempt }), {
      ...RETRY,
      signal: tools.signal,
      shouldRetry: ({ error }) => isWorthRetrying(error),
      onFailedAttempt: ({ error, attemptNumber, retriesLeft, retryDelay }) => {
        if (!isWorthRetrying(error) || retriesLeft === 0) return;
        const why = error.kind === "lost-race" ? "another writer was faster" : "the connection broke off";
        tools.report.info(`try ${attemptNumber}: ${why}; trying again in ${Math.round(retryDelay)} ms`);
      },
    });
  } catch (cause) {
    if (tools.signal.aborted) throw new UserError("cancelled: nothing was published", { cause });
    if (!isWorthRetrying(cause)) throw cause;
    throw new UserError(`gave up after ${RETRY.retries + 1} tries: ${cause.message}`, { cause });
  }
}

function isWorthRetrying(error: unknown): error is GitError {
  return error instanceof GitError && error.kind !== "final";
}

interface Document extends BranchFile {
  run: Run;
}

/** One document an id. */
function documentsOf(runs: readonly Run[]): Document[] {
  if (runs.length === 0) throw new UsageError("no run document to publish");
  const byPath = new Map<string, Document>();
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
  repository: Repository;
  request: AppendRequest;
  documents: Document[];
  tools: Tools;
  attempt: number;
}

async function tryAppend({ scratch, repository, request, documents, tools, attempt }: Attempt): Promise<AppendResult> {
  const { branch } = request;
  const tip = await fetchTip(scratch, branch, false);
  const before = tip === null ? null : await readMarker(scratch, tip, `${branch} of ${repository.name}`);
  const added = tip === null ? documents : await missingDocuments(scratch, tip, documents);
  const ids = added.map(({ run }) => run.id);
  const already = documents.map(({ run }) => run.id).filter((id) => !ids.includes(id));
  if (tip !== null && added.length === 0)
    return { status: "already-there", commit: tip, added: [], already, attempts: attempt };
  const marker = await markerAfter(before, added, request, tools);
  const files: BranchFile[] = [...added];
  if (marker.holds !== before?.holds) files.push({ path: MARKER_FILE, text: serializeMarker(marker) });
  if (tip === null) files.push({ path: README_FILE, text: README });
  const message = commitMessage(added.map(({ run }) => run));
  const commit = await commitFiles(scratch, { parent: tip, files, message });
  tools.signal.throwIfAborted();
  if (await pushCommit(scratch, commit, branch)) {
    return { status: "appended", commit, added: ids, already, attempts: attempt };
  }
  return { status: "already-there", commit, added: [], already: [...already, ...ids], attempts: attempt };
}

/** @throws UserError for a branch without a good pitwall.json: it is not ours to write to, or damaged */
async function readMarker(scratch: Scratch, tip: string, place: string): Promise<DatabaseMarker> {
  const [file] = await filesAt(scratch, tip, [MARKER_FILE]);
  if (file === undefined) {
    throw new UserError(
      `the branch ${place} has no ${MARKER_FILE}: it is not a data branch, or it is damaged. Nothing was published; ` +
        "name another with --branch, or bring the file back from the branch's history",
    );
  }
  try {
    return parseMarker(await readFileAt(scratch, file), MARKER_FILE);
  } catch (cause) {
    if (!(cause instanceof UserError) || cause instanceof GitError) throw cause;
    throw new UserError(`the branch ${place} is damaged; nothing was published. ${cause.message}`, { cause });
  }
}

/** The documents that are not on the branch yet. @throws UserError when an id is there with another content */
async function missingDocuments(scratch: Scratch, tip: string, documents: Document[]): Promise<Document[]> {
  const paths = documents.map(({ path }) => path);
  const there = new Map((await filesAt(scratch, tip, paths)).map((file) => [file.path, file]));
  const missing: Document[] = [];
  for (const document of documents) {
    const file = there.get(document.path);
    if (file === undefined) missing.push(document);
    else if (serializeRun(parseRun(await readFileAt(scratch, file), file.path)) !== document.text) {
      throw new UserError(
        `the run ${document.run.id} is already on the branch with another content, and documents never change: ` +
          `compare ${file.path} there with yours`,
      );
    }
  }
  return missing;
}

/**
 * What the branch holds once `added` is on it; `holds` only ever goes from simulated to real.
 * @throws UserError when simulated runs would join real ones unasked
 */
async function markerAfter(
  before: DatabaseMarker | null,
  added: readonly Document[],
  request: AppendRequest,
  { report, env }: Tools,
): Promise<DatabaseMarker> {
  const simulated = added.filter(({ run }) => run.simulated);
  const addsReal = simulated.length < added.length;
  const held = before === null ? null : (before.holds ?? (addsReal ? "real" : await lookAtAll(request, env)));
  if (simulated.length > 0 && (held === "real" || addsReal) && request.allowSimulated !== true) {
    throw new UserError(
      `${simulated.map(({ run }) => run.id).join(", ")} is simulated, and the branch ${request.branch} of ` +
        `${request.repository} holds runs of real engines. Publish it to another --branch, or add --allow-simulated`,
    );
  }
  if (addsReal && held === "simulated") {
    report.warning(`the branch ${request.branch} held only simulated runs until now; they stay beside the real ones`);
  }
  return { schema: "pitwall.database/1", holds: addsReal || held === "real" ? "real" : "simulated" };
}

/** For a branch whose marker does not say what it holds: once, as the next commit says it. */
async function lookAtAll({ repository, branch, token }: AppendRequest, env: NodeJS.ProcessEnv) {
  const { runs } = await readDatabase({ repository, branch }, { env, token });
  return runs.some((run) => !run.simulated) ? "real" : "simulated";
}
