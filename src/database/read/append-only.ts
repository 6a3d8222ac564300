import type { DatabaseMarker } from "../document/database-marker.ts";
import { MARKER_FILE } from "../document/layout.ts";
import { kindAt } from "../records/kinds.ts";
import type { Problem } from "./problem.ts";

/** A state of the branch, as far as the next one must keep it. */
export interface BaseState {
  /** Each run document by the name that git gives to its bytes, with the file that holds it. */
  runs: { id: string; blob: string; file: string }[];
  /** Every other file of the layout that may not change, by path. */
  records: ReadonlyMap<string, string>;
  holds: DatabaseMarker["holds"];
}

export interface ProposedState {
  /** By id; more than one where a file and a pack hold the run in two spellings. */
  runs: ReadonlyMap<string, ReadonlySet<string>>;
  /** Every plain file, by path. */
  files: ReadonlyMap<string, string>;
  holds: DatabaseMarker["holds"];
}

/** Whether a file is one that a person added, such as a retraction: written once, like a run. */
export function isRecord(path: string): boolean {
  const kind = kindAt(path);
  return kind !== null && kind !== "run";
}

/** What a state of the branch does to an earlier one but add to it, file by file. */
export function breaches(base: BaseState, proposed: ProposedState): Problem[] {
  const problems: Problem[] = [];
  const say = (file: string, what: string) => problems.push({ file, message: `${file} ${what}` });
  for (const { id, blob, file } of base.runs) {
    const blobs = proposed.runs.get(id);
    if (blobs === undefined) say(file, `of the base is gone, or no longer readable: the run ${id} is nowhere else`);
    else if (!blobs.has(blob)) say(file, `of the base was changed: the run ${id} has other bytes now`);
  }
  for (const [path, blob] of base.records) {
    const now = proposed.files.get(path);
    if (now === undefined) say(path, "of the base is gone, and records are only added");
    else if (now !== blob) say(path, "of the base was changed, and records are only added");
  }
  if (base.holds === "real" && proposed.holds !== "real") {
    say(MARKER_FILE, "no longer says that the branch holds real runs, as the base does");
  }
  return problems;
}
