import type { Run } from "../../result/document/run.ts";
import { blobId, type StoredFile } from "../git-home/plumbing/commit.ts";
import { KINDS, type KindName, type KindValues, RECORDS, type RecordName, type Valued } from "../records/kinds.ts";
import { checkedAt } from "./parse-at.ts";

interface StoredDocument extends StoredFile {
  /** Id of the run that it is, or is about; a renaming has one of its own. */
  id: string;
  text: string;
}

/** A document as it lies on the branch. */
export type Document = StoredDocument & Valued;

/** One document a path. @throws UserError for two that cannot both be there, and for one that readers would refuse */
export function documentsOf<K extends KindName>(name: K, values: readonly KindValues[K][]): Document[] {
  const byPath = new Map<string, Document>();
  for (const value of values) {
    const document = stored(name, value);
    const other = byPath.get(document.path);
    const clash = other === undefined ? null : KINDS[name].twice(value, other.text === document.text);
    if (clash !== null) throw clash;
    byPath.set(document.path, document);
  }
  return [...byPath.values()];
}

/** @throws UserError for a text that readers would refuse in that place */
function stored<K extends KindName>(name: K, value: KindValues[K]): Document {
  const kind = KINDS[name];
  const [id, path, text] = [kind.idOf(value), kind.pathOf(value), kind.serialize(value)];
  return { kind: name, value: checkedAt(name, path, text), id, path, text, blob: blobId(text) } as Document;
}

/** What those of one kind among them say. */
export function valuesOf<K extends KindName>(documents: readonly Document[], name: K): KindValues[K][] {
  return documents.flatMap(({ kind, value }) => (kind === name ? [value as KindValues[K]] : []));
}

/** The run documents among them. */
export const runsOf = (documents: readonly Document[]): Run[] => valuesOf(documents, "run");

/** Ids of runs that records are about, which must be there. */
export function namedRuns(documents: readonly Document[]): string[] {
  return documents.flatMap((document) => (document.kind === "run" ? [] : subjectOf(document.kind, document.value)));
}

/** Whether a reader sees runs otherwise once they are there. */
export const changesWhatIsSeen = (documents: readonly Document[]) =>
  documents.some(({ kind }) => kind === "run" || RECORDS[kind].effect.on !== "nothing");

function subjectOf<K extends RecordName>(name: K, value: KindValues[K]): string[] {
  const { about } = RECORDS[name];
  return about === null ? [] : [about.run(value)];
}
