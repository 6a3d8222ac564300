import { UsageError } from "../errors.ts";
import type { Run } from "../result/document/run.ts";
import type { Document } from "./document/documents.ts";
import { documentsOf } from "./document/documents.ts";
import type { AppendResult, Home } from "./home.ts";
import type { KindValues, RecordName } from "./records/kinds.ts";

/** A data branch that is open for several appends: after the first one there is nothing to fetch while nobody else writes. */
export interface Appender extends AsyncDisposable {
  /** Same promises as {@link appendRuns}; appends of one process follow one another. */
  append(runs: readonly Run[]): Promise<AppendResult>;
  /**
   * Adds what a person says about runs that are there, and changes no document.
   * @throws UserError when a run that a record is about is not on the branch, or such a record lies there already
   */
  record<K extends RecordName>(kind: K, values: readonly KindValues[K][]): Promise<AppendResult>;
  /**
   * Months before another one that have runs in files and no pack. Costs next to nothing after an append, which is when it
   * may be asked.
   */
  unpackedMonths(before: string): Promise<string[]>;
}

export function appenderOf(home: Home): Appender {
  let last: Promise<unknown> = Promise.resolve();
  const inOrder = (documents: Document[]) => {
    const result = last.then(() => home.write(documents));
    last = result.catch(() => undefined);
    return result;
  };
  return {
    append: async (runs) => inOrder(checkDocuments(runs)),
    record: async (kind, values) => inOrder(documentsOf(kind, values)),
    unpackedMonths: (before) => home.unpackedMonths(before),
    [Symbol.asyncDispose]: async () => home[Symbol.asyncDispose]?.(),
  };
}

export function checkDocuments(runs: readonly Run[]): Document[] {
  if (runs.length === 0) throw new UsageError("no run document to publish");
  return documentsOf("run", runs);
}
