import type { Run } from "../../src/result/document/run.ts";
import { runNumber } from "../database/runs.ts";

/** A run of a month that is long over: each number below 240 has one of its own, so that there is something to pack each time. */
export function oldRun(number: number): Run {
  const month = new Date(Date.UTC(2000, number % 240, 1)).toISOString().slice(0, 7);
  const { id, startedAt, finishedAt } = runNumber(number);
  const [began, ended] = [startedAt, finishedAt].map((moment) => moment.replace("2026-11", month));
  return runNumber(number, {
    id: id.replace("202611", month.replace("-", "")),
    startedAt: began!,
    finishedAt: ended!,
  });
}
