import { MOST } from "../../foreign-text/limits.ts";
import { shownRun, shownText } from "../../result/checks/shown-run.ts";
import type { RunHead } from "../../result/document/run.ts";
import type { FolderContent } from "./folder.ts";

/**
 * What a folder holds as readers show it. Documents and records of earlier versions, and those that somebody wrote by hand,
 * may have texts of megabytes, which pages and tables would repeat; what compares, verifies or keeps documents takes them whole.
 */
export function shownContent<R extends RunHead, C extends FolderContent<R>>(content: C): C {
  const { runs, retractions, accepted } = content;
  return {
    ...content,
    runs: runs.map(shownRun),
    retractions: retractions.map((one) => ({ ...one, why: shownText(one.why) })),
    accepted: accepted.map(({ series, from, why, file }) => ({
      ...{ series: shownText(series, MOST.argumentCharacters), from: shownRun(from), why: shownText(why), file },
    })),
  };
}
