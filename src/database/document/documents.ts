import { UsageError, UserError } from "../../errors.ts";
import type { Run } from "../../result/document/run.ts";
import { blobId, type StoredFile } from "../git-home/plumbing/commit.ts";
import { type Accepted, acceptedPath, serializeAccepted } from "../records/accepted.ts";
import { type Renaming, renamingId, renamingPath, serializeRenaming } from "../records/renaming.ts";
import { type Retraction, retractionPath, serializeRetraction } from "../records/retraction.ts";
import { serializeRun } from "./document.ts";
import { runPath } from "./layout.ts";
import { checkedAt, type Parsed } from "./parse-at.ts";

interface StoredDocument extends StoredFile {
  /** Of the run that it is, or is about; of a renaming, its own. */
  id: string;
  text: string;
}

/** A document as it lies on the branch. */
export type Document = StoredDocument & Exclude<Parsed, { kind: "marker" }>;

/** One document an id. @throws UserError for two documents of one id, and for one that readers would refuse */
export function documentsOf(runs: readonly Run[]): Document[] {
  const byPath = new Map<string, Document>();
  for (const run of runs) {
    if (run.renamed !== undefined) {
      throw new UserError(`the run ${run.id} is as a reader shows it, with other names: publish the document itself`);
    }
    const document = stored(run.id, runPath(run), serializeRun(run));
    const other = byPath.get(document.path);
    if (other !== undefined && other.text !== document.text) {
      throw new UserError(`two of the documents have the id ${run.id} but not the same content`);
    }
    byPath.set(document.path, document);
  }
  return [...byPath.values()];
}

export function renamingsOf(renamings: readonly Renaming[]): Document[] {
  return renamings.map((one) => stored(renamingId(one), renamingPath(one), serializeRenaming(one)));
}

export function acceptedOf(records: readonly Accepted[]): Document[] {
  return records.map((one) => stored(one.from, acceptedPath(one), serializeAccepted(one)));
}

/** @throws UserError for two of one run */
export function retractionsOf(retractions: readonly Retraction[]): Document[] {
  const ids = retractions.map(({ run }) => run);
  const twice = ids.find((id, index) => ids.indexOf(id) < index);
  if (twice !== undefined) throw new UsageError(`the run ${twice} is named twice`);
  return retractions.map((one) => stored(one.run, retractionPath(one.run), serializeRetraction(one)));
}

/** @throws UserError for a text that readers would refuse in that place */
function stored(id: string, path: string, text: string): Document {
  return { ...checkedAt(path, text), id, path, text, blob: blobId(text) };
}

/** The run documents among them. */
export const runsOf = (documents: readonly Document[]): Run[] =>
  documents.flatMap((document) => (document.kind === "run" ? [document.run] : []));

/** Ids of runs that records are about, which must be there. */
export function namedRuns(documents: readonly Document[]): string[] {
  return documents.filter(({ kind }) => kind === "retraction" || kind === "accepted").map(({ id }) => id);
}
