import { existsSync } from "node:fs";
import { join } from "node:path";
import { UsageError, UserError } from "../../errors.ts";
import { ownMessage } from "../../foreign-text/commit-message.ts";
import type { Tools } from "../../tools.ts";
import { inTurn, openForWriting } from "../append.ts";
import { compactMessage } from "../document/commit-message.ts";
import { MARKER_FILE } from "../document/layout.ts";
import { readMarker } from "../git-home/marker.ts";
import type { OpenBranch } from "../git-home/open-branch.ts";
import { commitFiles, filesAt, filesUnder, type StoredFile } from "../git-home/plumbing/commit.ts";
import { parseHome, type Repository } from "../git-home/plumbing/repository.ts";
import { fetchBlobs, fetchTip, pushCommit } from "../git-home/plumbing/scratch.ts";
import { prepareFiles } from "../git-home/plumbing/tree.ts";
import type { Problem } from "../read/problem.ts";
import { isRunPath, RUN } from "../records/run.ts";
import { type MonthPack, packMonth } from "./month-pack.ts";
import { monthOf, PACK_FOLDER, packFileOf } from "./packed-index.ts";

export interface CompactRequest {
  repository: string;
  branch: string;
  token?: string | undefined;
  /** First month that stays as it is, as in `2026-11`. */
  before: string;
  /** Makes and proves the packs, but no commit. */
  dryRun: boolean;
  /** Message of the commit; one that says what was packed when there is none. */
  message?: string | undefined;
}

export interface CompactResult {
  status: "compacted" | "nothing-to-do" | "dry-run";
  /** Tip of the branch. */
  commit: string;
  /** Months whose files change, in their order. */
  months: Omit<MonthPack, "changes" | "left">[];
  left: Problem[];
  attempts: number;
}

/** Packs by what they were made of, so that a lost race costs no second packing of what did not change. */
type Packs = Map<string, MonthPack>;

/**
 * Packs the run documents of closed months into one file a month, in one commit on the tip of the branch; again on the new
 * tip when another writer was faster. Before the commit is made every pack has been proven, see {@link packMonth}.
 * @throws UserError when there is no such branch, a closed month is damaged, or the repository cannot be written
 */
export async function compactBranch(request: CompactRequest, tools: Tools): Promise<CompactResult> {
  const { repository, branch: name, token } = request;
  const place = repositoryOf(request);
  const target = { repository, branch: name, token };
  const branch = await openForWriting(place, target, tools, { makesRepository: false, signal: tools.signal });
  await using _ = branch.scratch;
  const packs: Packs = new Map();
  // Packing takes long; other writers of this machine need not wait for it.
  const planned = await plan(branch, request, packs);
  if (planned.months.length === 0 || request.dryRun) {
    return { ...resultOf(planned), status: request.dryRun ? "dry-run" : "nothing-to-do", attempts: 0 };
  }
  const ifCancelled = "cancelled before it was certain that the packs are on the branch; compacting again is safe";
  let next: Plan | null = planned;
  const attempt = async () => {
    const now = next ?? (await plan(branch, request, packs));
    next = null;
    return push(branch, request, now);
  };
  return await inTurn(branch, attempt, ifCancelled);
}

/** @throws UsageError for what is no git repository */
function repositoryOf({ repository, token }: CompactRequest): Repository {
  const home = parseHome(repository, token);
  const has = (name: string) => home.kind === "local" && existsSync(join(home.path, name));
  if (home.kind === "folder" || (has(MARKER_FILE) && !has(".git"))) {
    throw new UsageError(
      `${home.name} is a folder without git, in which each run keeps its own file: only a branch of a git repository can ` +
        "be packed. Name one with --database PATH|URL",
    );
  }
  if (home.kind === "local" && !existsSync(home.path)) throw new UserError(`${home.name} does not exist`);
  return home;
}

interface Plan {
  commit: string;
  months: MonthPack[];
  left: Problem[];
}

const resultOf = ({ commit, months, left }: Plan) => ({
  commit,
  months: months.map(({ month, runs, proven, bytes }) => ({ month, runs, proven, bytes })),
  left,
});

async function push({ scratch, target, tools }: OpenBranch, request: CompactRequest, planned: Plan) {
  if (planned.months.length === 0) return { ...resultOf(planned), status: "nothing-to-do" as const };
  const commit = await commitFiles(scratch, {
    parent: planned.commit,
    files: planned.months.flatMap(({ changes }) => changes),
    message: request.message === undefined ? compactMessage(planned.months) : ownMessage(request.message),
    author: scratch.author,
  });
  tools.signal.throwIfAborted();
  // Another job made the very same commit in the same second: it is the one that packed.
  const isOurs = await pushCommit(scratch, commit, target.branch);
  if (!isOurs) return { ...resultOf({ ...planned, commit, months: [] }), status: "nothing-to-do" as const };
  return { ...resultOf({ ...planned, commit }), status: "compacted" as const };
}

async function plan(
  { scratch, place, target, tools }: OpenBranch,
  { before }: CompactRequest,
  packs: Packs,
): Promise<Plan> {
  tools.signal.throwIfAborted();
  const commit = await fetchTip(scratch, target.branch, "folders");
  if (commit === null) throw new UserError(`there is no branch ${place} yet, so there is nothing to pack`);
  await readMarker(scratch, await filesAt(scratch, commit, [MARKER_FILE]), place);
  const closed = closedMonths(await filesUnder(scratch, commit, [RUN.folder, PACK_FOLDER]), before);
  const isNew = (files: StoredFile[]) => !packs.has(keyOf(files));
  const wanted = [...closed.values()].filter(isNew).flat();
  // Months that are packed need not be fetched, which may be many years.
  if (wanted.length > 0) {
    await fetchBlobs(
      scratch,
      wanted.map(({ blob }) => blob),
    );
    await prepareFiles(scratch, commit);
  }
  const months: MonthPack[] = [];
  for (const [month, files] of closed) {
    tools.signal.throwIfAborted();
    const pack = packs.get(keyOf(files)) ?? (await packMonth(scratch, month, { files, signal: tools.signal }));
    packs.set(keyOf(files), pack);
    months.push(pack);
  }
  return { commit, months: months.filter(({ runs }) => runs > 0), left: months.flatMap(({ left }) => left) };
}

const keyOf = (files: readonly StoredFile[]) => JSON.stringify(files);

/** The files of each month that has something to pack, oldest first; other files are for verify to name. */
function closedMonths(files: readonly StoredFile[], before: string): Map<string, StoredFile[]> {
  const ofMonths = files.filter(({ path }) => (monthOfPath(path) ?? before) < before);
  return new Map(
    [...Map.groupBy(ofMonths, ({ path }) => monthOfPath(path)!)]
      .filter(([, ofMonth]) => ofMonth.some(({ path }) => isRunPath(path)))
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function monthOfPath(path: string): string | null {
  return isRunPath(path) ? monthOf(path.slice(path.lastIndexOf("/") + 1)) : (packFileOf(path)?.month ?? null);
}
