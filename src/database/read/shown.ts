import { shownRun } from "../../result/checks/shown-run.ts";
import type { RunHead } from "../../result/document/run.ts";
import { shownRecords } from "../records/applied.ts";
import type { FolderContent } from "./folder.ts";

/**
 * What a folder holds as readers show it. Documents and records of earlier versions, and those that somebody wrote by hand,
 * may have texts of megabytes, which pages and tables would repeat; what compares, verifies or keeps documents takes them whole.
 */
export function shownContent<R extends RunHead, C extends FolderContent<R>>(content: C): C {
  const { runs, records } = content;
  return { ...content, runs: runs.map(shownRun), records: shownRecords(records) };
}
