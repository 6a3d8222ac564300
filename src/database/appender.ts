import { UsageError } from "../errors.ts";
import type { Run } from "../result/run.ts";
import type { Document } from "./attempt.ts";
import { documentsOf, renamingsOf, retractionsOf } from "./documents.ts";
import type { Renaming } from "./records/renaming.ts";
import type { Retraction } from "./records/retraction.ts";

export interface AppendResult {
  status: "appended" | "already-there";
  /** Tip of the branch that holds all the runs; null without git. */
  commit: string | null;
  /** Ids that this call added. */
  added: string[];
  /** Ids that were there before, with the same content. */
  already: string[];
  /** Files beside the runs that were made anew although every run was there before. */
  renewed: string[];
  attempts: number;
}

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
}

/** @param write puts documents of one kind into the branch's home; called for one append after the other */
export function appenderOf(write: (documents: Document[]) => Promise<AppendResult>, home?: AsyncDisposable): Appender {
  let last: Promise<unknown> = Promise.resolve();
  const inOrder = (documents: Document[]) => {
    const result = last.then(() => write(documents));
    last = result.catch(() => undefined);
    return result;
  };
  return {
    append: (runs) => inOrder(checkDocuments(runs)),
    retract: (retractions) => inOrder(retractionsOf(retractions)),
    rename: (renamings) => inOrder(renamingsOf(renamings)),
    [Symbol.asyncDispose]: async () => home?.[Symbol.asyncDispose](),
  };
}

export function checkDocuments(runs: readonly Run[]): Document[] {
  if (runs.length === 0) throw new UsageError("no run document to publish");
  return documentsOf(runs);
}
