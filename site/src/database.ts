import { getCollection } from "astro:content";
import { byTime } from "../../src/database/layout.ts";
import { type History, histories } from "../../src/report/history.ts";
import type { Run } from "../../src/result/run.ts";

/** Every run of the database, oldest first. */
export const runs: Run[] = (await getCollection("runs")).map(({ data }) => data).toSorted(byTime);

/** The same runs by context. */
export const contexts: History[] = histories(runs);

const contextOfRun = new Map(contexts.flatMap((history) => history.runs.map((run) => [run, history] as const)));

/** Runs that may be compared with one of `runs`, itself among them, oldest first. */
export function comparableRuns(run: Run): Run[] {
  return contextOfRun.get(run)!.runs;
}
