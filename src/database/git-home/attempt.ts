import { UserError } from "../../errors.ts";
import { commitWords } from "../../foreign-text/commit-message.ts";
import { checkAdditions } from "../additions.ts";
import { commitMessage } from "../document/commit-message.ts";
import { serializeMarker } from "../document/database-marker.ts";
import type { Document } from "../document/documents.ts";
import { namedRuns, runsOf } from "../document/documents.ts";
import { ATTRIBUTES, MARKER_FILE, README_FILE } from "../document/layout.ts";
import { README } from "../document/readme.ts";
import { checkSame } from "../document/same-document.ts";
import type { AppendResult } from "../home.ts";
import { type DocumentsAt, documentsAt, type FileAt, readDocumentAt } from "../pack/packed-at.ts";
import { runPath } from "../records/run.ts";
import { checkWay } from "./append-path.ts";
import { filesBeside, staleFiles } from "./files-beside.ts";
import { markerAfter, readMarker } from "./marker.ts";
import type { OpenBranch, Tip } from "./open-branch.ts";
import { type BranchFile, commitFiles, type StoredFile } from "./plumbing/commit.ts";
import { fetchTip, GitError, pushCommit, type Scratch } from "./plumbing/scratch.ts";
import { presentAt } from "./present-at.ts";

/** Months up to which a fetch for each of them is cheaper than all folders at once. */
const FEW_MONTHS = 3;

/** One try: from the tip as it is now, or as the last append left it. @throws GitError */
export async function tryAppend(branch: OpenBranch, documents: Document[]): Promise<Omit<AppendResult, "attempts">> {
  const { left } = branch;
  branch.left = null;
  if (left !== null) {
    try {
      return await appendTo(branch, documents, left);
    } catch (error) {
      if (!(error instanceof GitError) || error.kind !== "lost-race") throw error;
    }
  }
  return appendTo(branch, documents, await currentTip(branch, documents));
}

async function currentTip(branch: OpenBranch, documents: Document[]): Promise<Tip | null> {
  const { scratch, place, target, hasFetched } = branch;
  const months = new Set(documents.map(({ path }) => path.slice(0, path.lastIndexOf("/"))));
  const commit = await fetchTip(scratch, target.branch, hasFetched || months.size > FEW_MONTHS ? "folders" : "years");
  if (commit === null) return null;
  branch.hasFetched = true;
  return { commit, marker: await readMarker(scratch, await checkedTop(branch, commit, documents), place) };
}

async function checkedTop(
  { scratch, place }: OpenBranch,
  commit: string,
  documents: Document[],
): Promise<StoredFile[]> {
  try {
    return await checkWay(scratch, commit, documents);
  } catch (cause) {
    if (!(cause instanceof UserError) || cause instanceof GitError) throw cause;
    throw new UserError(`the branch ${place} is damaged; nothing was published. ${cause.message}`, { cause });
  }
}

const NOTHING_THERE: DocumentsAt = { found: [], neighbours: [] };

async function appendTo(branch: OpenBranch, documents: Document[], tip: Tip | null) {
  const { scratch, place, target, tools } = branch;
  tools.signal.throwIfAborted();
  const paths = documents.map(({ path }) => path);
  const { found, neighbours } = tip === null ? NOTHING_THERE : await documentsAt(scratch, tip.commit, paths);
  await checkNamedRuns(scratch, tip, documents, place);
  const added = await missingDocuments(scratch, found, documents);
  if (tip !== null && added.length === 0) return await renewBeside(branch, documents, tip);
  await checkAdditions(added, presentAt(scratch, tip?.commit ?? null, neighbours));
  const ids = added.map(({ id }) => id);
  const already = documents.map(({ id }) => id).filter((id) => !ids.includes(id));
  const runs = runsOf(added);
  const before = tip?.marker ?? null;
  const isSameMarker = before !== null && runs.length === 0;
  const marker = isSameMarker ? before : await markerAfter(before, runs, { ...target, place, env: tools.env });
  if (target.dryRun) return { status: "dry-run" as const, commit: null, added: ids, already, renewed: [] };
  const files: BranchFile[] = [...added];
  if (tip === null) files.push({ path: README_FILE, text: README }, ATTRIBUTES);
  files.push(...(await filesBeside(branch, added, tip?.commit ?? null)));
  if (marker.holds !== before?.holds) files.push({ path: MARKER_FILE, text: serializeMarker(marker) });
  const parent = tip?.commit ?? null;
  const commit = await commitFiles(scratch, { parent, files, message: commitMessage(added), author: scratch.author });
  tools.signal.throwIfAborted();
  const isOurs = await pushCommit(scratch, commit, target.branch);
  branch.left = { commit, marker };
  const result = { commit, renewed: [] };
  if (!isOurs) return { ...result, status: "already-there" as const, added: [], already: [...already, ...ids] };
  if (before?.holds === "simulated" && marker.holds === "real") {
    tools.report.warning(`${place} held only simulated runs until now; they stay beside the real ones`);
  }
  return { ...result, status: "appended" as const, added: ids, already };
}

/** Every document is there: files beside the runs that are not as they should be make a commit of their own. */
async function renewBeside(branch: OpenBranch, documents: Document[], tip: Tip) {
  const { scratch, target, tools } = branch;
  const files = target.dryRun ? [] : await staleFiles(branch, documents, tip.commit);
  const renewed = files.map(({ path }) => path);
  const result = { status: "already-there" as const, added: [], already: documents.map(({ id }) => id), renewed };
  if (files.length === 0) {
    branch.left = tip;
    return { ...result, commit: tip.commit };
  }
  const message = commitWords`Renew ${renewed.join(", ")}\n`;
  const commit = await commitFiles(scratch, { parent: tip.commit, files, message, author: scratch.author });
  tools.signal.throwIfAborted();
  await pushCommit(scratch, commit, target.branch);
  branch.left = { commit, marker: tip.marker };
  return { ...result, commit };
}

/** @throws UserError when a run that a record is about is not on the branch */
async function checkNamedRuns(scratch: Scratch, tip: Tip | null, documents: Document[], place: string): Promise<void> {
  const ids = namedRuns(documents);
  if (ids.length === 0) return;
  if (tip === null) throw new UserError(`there is no branch ${place} yet, so there is no run on it`);
  const paths = ids.map((id) => runPath({ id }));
  const { found } = await documentsAt(scratch, tip.commit, paths);
  const there = new Set(found.map(({ path }) => path));
  const unknown = ids.filter((id) => !there.has(runPath({ id })));
  if (unknown.length === 0) return;
  throw new UserError(`${unknown.join(", ")}: no such run on ${place}. pitwall history --format csv shows the ids`);
}

/** The documents that are not on the branch yet. @throws UserError when an id is there with another content */
async function missingDocuments(scratch: Scratch, there: FileAt[], documents: Document[]): Promise<Document[]> {
  const stored = new Map(there.map((file) => [file.path, file]));
  const missing: Document[] = [];
  for (const document of documents) {
    const file = stored.get(document.path);
    if (file === undefined) missing.push(document);
    else if (file.blob !== document.blob) checkSame(document, await readDocumentAt(scratch, file), file.pack?.path);
  }
  return missing;
}
