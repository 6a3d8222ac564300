import { UsageError } from "../errors.ts";
import type { Run } from "../result/document/run.ts";
import type { Document } from "./document/documents.ts";
import { acceptedOf, documentsOf, renamingsOf, retractionsOf } from "./document/documents.ts";
import type { AppendResult, Home } from "./home.ts";
import type { Accepted } from "./records/accepted.ts";
import type { Renaming } from "./records/renaming.ts";
import type { Retraction } from "./records/retraction.ts";

/** A data branch that is open for several appends: after the first one there is nothing to fetch while nobody else writes. */
export interface Appender extends AsyncDisposable {
  /** Same promises as {@link appendRuns}; appends of one process follow one another. */
  append(runs: readonly Run[]): Promise<AppendResult>;
  /**
   * Takes runs out of every reader's sight by adding a record for each; the documents stay.
   * @throws UserError when one of the runs is not on the branch, or was retracted before
   */
  retract(retractions: readonly Retraction[]): Promise<AppendResult>;
  /** Gives runs another name in every reader's sight by adding records; the documents stay. */
  rename(renamings: readonly Renaming[]): Promise<AppendResult>;
  /**
   * Says from which run on numbers are right although they changed, by adding records.
   * @throws UserError when one of the runs is not on the branch
   */
  accept(records: readonly Accepted[]): Promise<AppendResult>;
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
    retract: async (retractions) => inOrder(retractionsOf(retractions)),
    rename: async (renamings) => inOrder(renamingsOf(renamings)),
    accept: async (records) => inOrder(acceptedOf(records)),
    unpackedMonths: (before) => home.unpackedMonths(before),
    [Symbol.asyncDispose]: async () => home[Symbol.asyncDispose]?.(),
  };
}

export function checkDocuments(runs: readonly Run[]): Document[] {
  if (runs.length === 0) throw new UsageError("no run document to publish");
  return documentsOf(runs);
}
