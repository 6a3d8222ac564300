import type { CommitMessage } from "../../foreign-text/commit-message.ts";
import type { CellParams } from "../../result/document/cell.ts";
import type { Run, RunHead } from "../../result/document/run.ts";
import type { Format } from "../document/parse-document.ts";
import type { Problem } from "../read/problem.ts";

/**
 * Everything that is peculiar to one kind of document on the branch: its descriptor. Whoever appends, reads, verifies or
 * commits asks it, and knows no kind by name; `kinds.ts` has the list.
 */
export interface Kind<T> {
  format: Format<T>;
  /** A document of this kind, behind “pitwall”: the title of its JSON Schema. */
  title: string;
  /** Its folder at the top of the branch. */
  folder: string;
  /** Its row in the README of a new branch. */
  readme: { path: string; holds: string };
  isPath(path: string): boolean;
  /** Whether a folder with such documents, or with folders of them, may have this path. */
  isFolder(path: string): boolean;
  pathOf(value: T): string;
  /** Id of the run that it is, or is about; of a record about many runs, its own. */
  idOf(value: T): string;
  /** The one text of a document. @throws UserError for one that may not be written */
  serialize(value: T): string;
  /** @param file shown in the error @throws UserError naming the file and what is wrong with it */
  parse(text: string, file: string): T;
  /** What is wrong with a document that lies at this path, as a sentence that names it; null: it belongs there. */
  misplaced(value: T, path: string): string | null;
  /** What is wrong with a document of the right form, as a sentence that names it. */
  unsound(value: T, text: string): string | null;
  /** The error for two of one path in one append; null where one of them is enough. */
  twice(value: T, hasSameText: boolean): Error | null;
  /**
   * Why a document cannot be added where another text lies already; null: the two say the same.
   * @param place where that text lies, if not at the document's path
   */
  taken(value: T, there: T, place: string): string | null;
  /** The message of a commit that adds these, and nothing of another kind. */
  message(values: readonly T[]): CommitMessage;
  /** Holds what is to be added against what is there. @throws UserError when the branch could not be verified with it */
  checkAdded(values: readonly T[], present: Present): Promise<void>;
}

/** What a person adds about runs that are on the branch. `Told` is what readers are told of one. */
export interface RecordKind<T, Told = T> extends Kind<T> {
  /** What one says of a single run, which must be on the branch: “FILE retracts RUN”; null for records about many. */
  about: { run(value: T): string; does: string } | null;
  effect: Effect<T>;
  /** @param runs those on the branch by id, hidden ones among them, with the names of today */
  tell(record: Filed<T>, runs: ReadonlyMap<string, RunHead>): Told | null;
  /** The same with its texts bounded, for pages and tables. */
  shown(told: Told): Told;
  /** What one leaves out of a reader's sight, as a line for people; null: nothing. */
  leftOut(told: Told): string | null;
  /** What only shows beside the runs. @param runs those that readers see, by id */
  flaw(told: Told, runs: ReadonlyMap<string, Run>): Problem | null;
}

export interface Filed<T> {
  value: T;
  file: string;
}

/** What a record does to runs in every reader's sight. */
type Effect<T> =
  | { on: "nothing" }
  /** `pathFor`: where the record lies that would hide this run. */
  | { on: "presence"; hides(value: T): string; pathFor(run: string): string }
  | { on: "names"; apply<R extends RunHead>(runs: readonly R[], values: readonly T[], change: ChangeCells<R>): R[] };

type CellParam = CellParams[string];
/** Another name for cells, as part of a record. */
export type CellChange =
  | { what: "cell"; from: string; to: string }
  | { what: "parameter"; parameter: string; from: CellParam; to: CellParam };

/** Renames cells in whatever form a reader holds them. @returns the very same run when none is meant */
export type ChangeCells<R> = (run: R, change: CellChange) => R;

/** What is on a branch, as far as an addition must be held against it. */
export interface Present {
  /** Other runs that began in the same second as one that is to be added, as their documents are; hidden ones are left out. */
  neighbours(): Promise<Run[]>;
  /** These runs as readers see them; hidden ones are left out. */
  seen(ids: readonly string[]): Promise<Run[]>;
}

/** What is the same for all kinds whose documents lie in one folder without folders in it. */
export function inFolder(
  folder: string,
  isName: (name: string) => boolean,
): Pick<Kind<never>, "folder" | "isPath" | "isFolder"> {
  return {
    folder,
    isFolder: (path) => path === folder,
    isPath(path) {
      if (!path.startsWith(`${folder}/`) || !path.endsWith(".json")) return false;
      const name = path.slice(folder.length + 1, -".json".length);
      return name !== "" && !name.includes("/") && isName(name);
    },
  };
}
