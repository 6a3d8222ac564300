import { UsageError, UserError } from "../errors.ts";
import type { Run } from "../result/run.ts";
import type { Tools } from "../verbs/verb.ts";
import type { AppendTarget } from "./append.ts";
import type { AppendResult } from "./appender.ts";
import { serializeMarker, serializeRun } from "./document.ts";
import { filesBeside } from "./files-beside.ts";
import { type BranchFile, blobId, commitFiles, type StoredFile } from "./git/commit.ts";
import { fetchTip, GitError, pushCommit, type Scratch } from "./git/scratch.ts";
import { checkWay } from "./git/way.ts";
import { type DatabaseMarker, MARKER_FILE, README_FILE, runPath } from "./layout.ts";
import { markerAfter, readMarker } from "./marker.ts";
import { documentsAt, type FileAt, readDocumentAt } from "./pack/packed-at.ts";
import { acceptedMessage, commitMessage, README, renamingMessage, retractionMessage } from "./prose.ts";
import { type Accepted, acceptedPath, serializeAccepted } from "./records/accepted.ts";
import { type Renaming, renamingId, renamingPath, serializeRenaming } from "./records/renaming.ts";
import { type Retraction, retractionPath, serializeRetraction } from "./records/retraction.ts";
import { checkSame } from "./sameness.ts";

interface StoredDocument extends StoredFile {
  /** Of the run that it is, or is about; of a renaming, its own. */
  id: string;
  text: string;
}

/** A document as it lies on the branch. */
export type Document =
  | (StoredDocument & { kind: "run"; run: Run })
  | (StoredDocument & { kind: "retraction"; retraction: Retraction })
  | (StoredDocument & { kind: "renaming"; renaming: Renaming })
  | (StoredDocument & { kind: "accepted"; accepted: Accepted });

/** A state of the branch that was there; null: there was no branch. */
interface Tip {
  commit: string;
  marker: DatabaseMarker;
}

/** A branch that is written to. */
export interface OpenBranch {
  scratch: Scratch;
  /** The branch, in words. */
  place: string;
  target: AppendTarget;
  tools: Tools;
  /** The tip that the last append left, where nobody wrote since; the next one needs no fetch then. */
  left: Tip | null;
  /** An earlier tip is here, so that a fetch brings only what is new. */
  hasFetched: boolean;
}

/** Months up to which a fetch for each of them is cheaper than all folders at once. */
const FEW_MONTHS = 3;

/** One document an id. @throws UserError for two documents of one id */
export function documentsOf(runs: readonly Run[]): Document[] {
  const byPath = new Map<string, Document>();
  for (const run of runs) {
    if (run.renamed !== undefined) {
      throw new UserError(`the run ${run.id} is as a reader shows it, with other names: publish the document itself`);
    }
    const text = serializeRun(run);
    const document: Document = { kind: "run", id: run.id, run, path: runPath(run), text, blob: blobId(text) };
    const other = byPath.get(document.path);
    if (other !== undefined && other.text !== document.text) {
      throw new UserError(`two of the documents have the id ${run.id} but not the same content`);
    }
    byPath.set(document.path, document);
  }
  return [...byPath.values()];
}

export function renamingsOf(renamings: readonly Renaming[]): Document[] {
  return renamings.map((renaming) => {
    const text = serializeRenaming(renaming);
    return {
      kind: "renaming",
      id: renamingId(renaming),
      renaming,
      path: renamingPath(renaming),
      text,
      blob: blobId(text),
    };
  });
}

export function acceptedOf(records: readonly Accepted[]): Document[] {
  return records.map((accepted) => {
    const text = serializeAccepted(accepted);
    return { kind: "accepted", id: accepted.from, accepted, path: acceptedPath(accepted), text, blob: blobId(text) };
  });
}

/** @throws UserError for two of one run */
export function retractionsOf(retractions: readonly Retraction[]): Document[] {
  const ids = retractions.map(({ run }) => run);
  const twice = ids.find((id, index) => ids.indexOf(id) < index);
  if (twice !== undefined) throw new UsageError(`the run ${twice} is named twice`);
  return retractions.map((retraction) => {
    const text = serializeRetraction(retraction);
    const path = retractionPath(retraction.run);
    return { kind: "retraction", id: retraction.run, retraction, path, text, blob: blobId(text) };
  });
}

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

async function appendTo(branch: OpenBranch, documents: Document[], tip: Tip | null) {
  const { scratch, place, target, tools } = branch;
  tools.signal.throwIfAborted();
  const paths = documents.map(({ path }) => path);
  const there = tip === null ? [] : await documentsAt(scratch, tip.commit, paths);
  await checkNamedRuns(scratch, tip, documents, place);
  const added = await missingDocuments(scratch, there, documents);
  const ids = added.map(({ id }) => id);
  const already = documents.map(({ id }) => id).filter((id) => !ids.includes(id));
  if (tip !== null && added.length === 0) {
    branch.left = tip;
    return { status: "already-there" as const, commit: tip.commit, added: [], already };
  }
  const runs = added.flatMap((document) => (document.kind === "run" ? [document.run] : []));
  const before = tip?.marker ?? null;
  const isSameMarker = before !== null && runs.length === 0;
  const marker = isSameMarker ? before : await markerAfter(before, runs, { ...target, place, env: tools.env });
  const files: BranchFile[] = [...added];
  if (tip === null) files.push({ path: README_FILE, text: README });
  files.push(...(await filesBeside(branch, added, tip?.commit ?? null)));
  if (marker.holds !== before?.holds) files.push({ path: MARKER_FILE, text: serializeMarker(marker) });
  const parent = tip?.commit ?? null;
  const commit = await commitFiles(scratch, { parent, files, message: messageOf(added), author: scratch.author });
  tools.signal.throwIfAborted();
  const isOurs = await pushCommit(scratch, commit, target.branch);
  branch.left = { commit, marker };
  if (!isOurs) return { status: "already-there" as const, commit, added: [], already: [...already, ...ids] };
  if (before?.holds === "simulated" && marker.holds === "real") {
    tools.report.warning(`${place} held only simulated runs until now; they stay beside the real ones`);
  }
  return { status: "appended" as const, commit, added: ids, already };
}

/** Documents of one commit are of one kind. */
function messageOf(added: readonly Document[]): string {
  const runs = added.flatMap((document) => (document.kind === "run" ? [document.run] : []));
  const retractions = added.flatMap((document) => (document.kind === "retraction" ? [document.retraction] : []));
  const renamings = added.flatMap((document) => (document.kind === "renaming" ? [document.renaming] : []));
  const accepted = added.flatMap((document) => (document.kind === "accepted" ? [document.accepted] : []));
  if (runs.length > 0) return commitMessage(runs);
  if (accepted.length > 0) return acceptedMessage(accepted);
  return retractions.length > 0 ? retractionMessage(retractions) : renamingMessage(renamings);
}

/** Ids of runs that records are about, which must be there. */
export function namedRuns(documents: readonly Document[]): string[] {
  return documents.filter(({ kind }) => kind === "retraction" || kind === "accepted").map(({ id }) => id);
}

/** @throws UserError when a run that a record is about is not on the branch */
async function checkNamedRuns(scratch: Scratch, tip: Tip | null, documents: Document[], place: string): Promise<void> {
  const ids = namedRuns(documents);
  if (ids.length === 0) return;
  if (tip === null) throw new UserError(`there is no branch ${place} yet, so there is no run on it`);
  const paths = ids.map((id) => runPath({ id }));
  const there = new Set((await documentsAt(scratch, tip.commit, paths)).map(({ path }) => path));
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
