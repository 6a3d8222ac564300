import type { Tools } from "../../tools.ts";
import type { DatabaseMarker } from "../document/database-marker.ts";
import type { AppendTarget } from "../home.ts";
import type { Scratch } from "./plumbing/scratch.ts";

/** A state of the branch that was there; null: there was no branch. */
export interface Tip {
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
