import { setTimeout } from "node:timers/promises";
import pRetry from "p-retry";
import { UserError } from "../errors.ts";
import type { Run } from "../result/document/run.ts";
import type { Tools } from "../tools.ts";
import { type Appender, appenderOf, checkDocuments } from "./appender.ts";
import type { Document } from "./document/documents.ts";
import { openFolderHome } from "./folder-home/folder-home.ts";
import { tryAppend } from "./git-home/attempt.ts";
import type { OpenBranch } from "./git-home/open-branch.ts";
import { ensureRepository, isRepository, parseHome, type Repository } from "./git-home/plumbing/repository.ts";
import { checkBranchName, GitError, openScratch } from "./git-home/plumbing/scratch.ts";
import { takeTurn } from "./git-home/turn.ts";
import type { AppendResult, AppendTarget } from "./home.ts";
import { unpackedMonths } from "./pack/closed-months.ts";

export interface AppendRequest extends AppendTarget {
  runs: readonly Run[];
}

/** Tries in all; at the longest waits below they take about a minute. */
const MOST_TRIES = 40;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 4000;
/** Between writers the wait grows to this many tries' time: with more of them at it a try rarely wins. */
const LONGEST_WAIT_TRIES = 16;

/**
 * Puts run documents on the data branch in one commit: on its tip, without a checkout, again on the new tip when another
 * writer was faster. All of them get there or none. The branch, and a local bare repository, are made on first use.
 * @throws UserError when the repository cannot be reached or written, the branch is damaged, an id is taken by another
 *   content, or simulated runs would join real ones
 */
export async function appendRuns({ runs, ...target }: AppendRequest, tools: Tools): Promise<AppendResult> {
  checkDocuments(runs);
  await using appender = await openAppender(target, tools);
  return await appender.append(runs);
}

export async function openAppender(target: AppendTarget, tools: Tools): Promise<Appender> {
  const home = parseHome(target.repository, target.token);
  if (home.kind === "folder") return openFolderHome(home, target, tools);
  if (target.dryRun && home.kind === "local" && !(await isRepository(home))) return emptyHome();
  const branch = await openForWriting(home, target, tools, { makesRepository: true });
  return appenderOf({
    write: (documents) => appendInTurn(branch, documents),
    unpackedMonths: async (before) =>
      branch.left === null ? [] : unpackedMonths(branch.scratch, branch.left.commit, before),
    [Symbol.asyncDispose]: () => branch.scratch[Symbol.asyncDispose](),
  });
}

/** A repository that a dry run does not make. */
function emptyHome(): Appender {
  return appenderOf({
    write: async (documents) => {
      const ids = documents.map(({ id }) => id);
      return { status: "dry-run", commit: null, added: ids, already: [], renewed: [], attempts: 1 };
    },
    unpackedMonths: async () => [],
  });
}

/** To be ended by disposal of its scratch. @param signal ends git in whatever it does, a push too */
export async function openForWriting(
  repository: Repository,
  target: AppendTarget,
  tools: Tools,
  { makesRepository, signal }: { makesRepository: boolean; signal?: AbortSignal },
): Promise<OpenBranch> {
  const scratch = await openScratch(repository, tools.env, signal);
  try {
    await checkBranchName(scratch, target.branch);
    if (makesRepository && repository.kind === "local") await ensureRepository(repository, target.branch, tools.env);
  } catch (error) {
    await scratch[Symbol.asyncDispose]();
    throw error;
  }
  const place = `${target.branch} of ${repository.name}`;
  return { scratch, place, target, tools, left: null, hasFetched: false };
}

function appendInTurn(branch: OpenBranch, documents: Document[]): Promise<AppendResult> {
  const ifCancelled = "cancelled before it was certain that the runs are on the branch; publishing them again is safe";
  return inTurn(branch, () => tryAppend(branch, documents), ifCancelled);
}

/** Waits for the turn, then tries until nobody else was faster. */
export async function inTurn<T extends object>(
  branch: OpenBranch,
  attempt: () => Promise<T>,
  ifCancelled: string,
): Promise<T & { attempts: number }> {
  const { tools, place } = branch;
  await using turn = await takeTurn(place, tools.signal);
  // Somebody else has written meanwhile: a push onto the old tip would be for nothing.
  if (turn.waited) branch.left = null;
  let startedAt = 0;
  try {
    // The signal is ours to watch: p-retry would report a push that succeeded during the cancel as cancelled.
    return await pRetry(
      async (attempts) => {
        startedAt = performance.now();
        return { ...(await attempt()), attempts };
      },
      {
        retries: MOST_TRIES - 1,
        minTimeout: 0,
        shouldRetry: ({ error }) => isWorthRetrying(error),
        onFailedAttempt: ({ error, attemptNumber, retriesLeft }) =>
          isWorthRetrying(error) && retriesLeft > 0
            ? waitForNextTry(error, { attempt: attemptNumber, tookMs: performance.now() - startedAt }, tools)
            : undefined,
      },
    );
  } catch (cause) {
    if (tools.signal.aborted) throw new UserError(ifCancelled, { cause });
    if (!isWorthRetrying(cause)) throw cause;
    throw new UserError(`gave up after ${MOST_TRIES} tries: ${cause.message}`, { cause });
  }
}

/** A failure after which another try makes sense. */
type Retriable = GitError & { kind: Exclude<GitError["kind"], "final"> };

const WHY: Record<Retriable["kind"], string> = {
  "lost-race": "another writer was faster",
  transient: "the connection broke off",
  limited: "the server says that it is asked too often",
};

interface FailedTry {
  attempt: number;
  tookMs: number;
}

async function waitForNextTry(error: Retriable, failed: FailedTry, { report, signal }: Tools): Promise<void> {
  const why = WHY[error.kind];
  const ms = Math.round(waitMs(error.kind, failed));
  report.info(`try ${failed.attempt}: ${why}; trying again in ${ms} ms`);
  await setTimeout(ms, undefined, { signal });
}

/**
 * Full jitter: anything from nothing to a limit that doubles. Writers that lost to each other spread out, instead of
 * meeting again (M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015). Of writers that race, one
 * wins each time: their limit is counted in tries, so that it fits a fast disk as well as a far server. p-retry's own
 * jitter ends at its longest wait, where many writers need it most.
 */
function waitMs(kind: GitError["kind"], { attempt, tookMs }: FailedTry): number {
  const limit =
    kind === "lost-race" ? tookMs * Math.min(2 ** (attempt - 1), LONGEST_WAIT_TRIES) : FIRST_WAIT_MS * 2 ** attempt;
  return Math.random() * Math.min(LONGEST_WAIT_MS, limit);
}

function isWorthRetrying(error: unknown): error is Retriable {
  return error instanceof GitError && error.kind !== "final";
}
