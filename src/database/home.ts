import type { Run } from "../result/document/run.ts";
import type { Document } from "./document/documents.ts";
import type { BranchFile, StoredFile } from "./git-home/plumbing/commit.ts";

/** What readers of the branch see, before and after a record is added, and the files that were made of the former. */
export interface SeenChange {
  before: Run[];
  after: Run[];
  there: StoredFile[];
}

/** How files are made that lie beside the runs, of every run of the branch. */
export interface BesideFiles {
  /** At a publish of some of `runs`, which are all that readers see; makes it read the whole branch. */
  published?: ((runs: Run[], published: Run[]) => BranchFile[]) | undefined;
  /** At a record that changes what readers see, where the branch has such files. */
  renewed?: ((change: SeenChange) => BranchFile[]) | undefined;
}

export interface AppendTarget {
  /** Path, URL or `user@host:path`, or `folder:PATH` without git; a local path that ends in .git is made on first use. */
  repository: string;
  branch: string;
  /** For https; handed to git through the environment. */
  token?: string | undefined;
  /** Lets simulated runs into a branch that holds real ones. */
  allowSimulated?: boolean;
  /** Looks whether all of it could be added, and adds nothing. */
  dryRun?: boolean;
  /** Files to keep beside the runs; none by default. */
  beside?: BesideFiles | undefined;
}

export interface AppendResult {
  status: "appended" | "already-there" | "dry-run";
  /** Tip of the branch that holds all the runs; null without git, and in a dry run. */
  commit: string | null;
  /** Ids that this call added, or would. */
  added: string[];
  /** Ids that were there before, with the same content. */
  already: string[];
  /** Files beside the runs that were made anew although every run was there before. */
  renewed: string[];
  attempts: number;
}

/** Where a data branch lives, open for writing. */
export interface Home extends Partial<AsyncDisposable> {
  /**
   * Months before another one that have runs in files and no pack. Costs next to nothing after an append, which is when it
   * may be asked.
   */
  unpackedMonths(before: string): Promise<string[]>;
  /** Puts documents of one kind there; called for one append after the other. */
  write(documents: Document[]): Promise<AppendResult>;
}
