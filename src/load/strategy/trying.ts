import type { Cell, Measurement } from "../../result/document/cell.ts";
import type { Failure } from "../../result/document/reason.ts";
import type { Search } from "../../result/document/search.ts";
import type { ClientEnd, ServingLoad } from "../client/serving-client.ts";

/** Measures once. @param tag which try of its cell this is, a word for files and the progress; empty for the only one */
export type Attempt = (load: ServingLoad, tag: string) => Promise<ClientEnd>;

/** How a cell with several tries gets them, and says how they went. */
export interface Trying {
  attempt: Attempt;
  isGood(end: ClientEnd): boolean;
  /** After a try that was not good: why no other can be, if so. */
  diagnose(): Promise<Failure | undefined>;
  tell(line: string): void;
}

/** What all tries of a cell came to. */
export type CellEnd = { warmupSeconds: number; measuredSeconds: number; search?: Search } & (
  | (Pick<Extract<Cell, { status: "measured" }>, "health" | "telemetry"> & { measurement: Measurement })
  | { failure: Failure; measurement?: Measurement }
);
