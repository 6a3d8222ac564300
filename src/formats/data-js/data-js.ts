import { z } from "zod";
import { listOf } from "../../checked.ts";
import { momentOf } from "../../database/document/moment.ts";
import { pointsOf, seriesName } from "../../database/query/points.ts";
import { UserError } from "../../errors.ts";
import { parseJson } from "../../files.ts";
import { webLink } from "../../foreign-text/web-link.ts";
import type { Run } from "../../result/document/run.ts";
import { METRICS, type Metric } from "../../result/metrics/metric.ts";
import { commitUrl, repositoryUrl } from "../../result/series/commit-url.ts";
import { contextFrom, type Given } from "../given.ts";
import { importedRun, type SourceFile, UNKNOWN_TRIGGER, writtenAt } from "../imported-run.ts";
import { cellsOfNumbers, parseSeriesName } from "./series-name.ts";

/** github-action-benchmark's history: this assignment, then JSON. */
const ASSIGNMENT = "window.BENCHMARK_DATA = ";

const History = z.looseObject({
  entries: z.record(
    z.string(),
    listOf(
      z.looseObject({
        commit: z.looseObject({ id: z.string(), message: z.string().nullish() }),
        date: z.number(),
        benches: listOf(z.looseObject({ name: z.string(), value: z.number() })),
      }),
    ),
  ),
});

/**
 * `data.js` of github-action-benchmark, or its JSON alone: a document a commit and moment. Its suites have one direction
 * each, so that the numbers of one run lie in two of them.
 * @throws UserError for names that are no series of ours
 */
export function importDataJs(file: SourceFile, given: Given): Run[] {
  const json = file.text
    .trim()
    .replace(/^window\.BENCHMARK_DATA\s*=\s*/, "")
    .replace(/;$/, "");
  const { entries } = parseJson(json, History, file.name);
  const all = Object.values(entries).flat();
  if (all.length === 0) throw new UserError(`${file.name} has no entries`);
  const moments = Map.groupBy(all, ({ commit, date }) => `${date} ${commit.id}`);
  return [...moments.values()].map((suites) => {
    const { commit, date } = suites[0]!;
    const timestamp = momentOf(date, file.name);
    const place = `${file.name}, ${timestamp}`;
    const numbers = suites.flatMap(({ benches }) =>
      benches.map(({ name, value }) => ({ ...parseSeriesName(name, place), value })),
    );
    const isCommit = /^[0-9a-f]{40}$/.test(commit.id);
    const subject = commit.message?.split("\n")[0];
    const trigger = { ...UNKNOWN_TRIGGER, ...(isCommit ? { commit: commit.id, subject: subject ?? null } : {}) };
    return importedRun({
      format: "github-action-benchmark",
      file,
      timestamp,
      note: writtenAt(timestamp),
      facts: { trigger },
      cells: cellsOfNumbers(numbers, place),
      context: contextFrom(given, {}, file.name),
    });
  });
}

/** The numbers of a run that are better in one direction. Counts and deviations are no results and stay out. */
export function benchesOf(run: Run, better: Metric["better"]) {
  return pointsOf(run)
    .filter(({ metric, statistic }) => METRICS[metric].better === better && !["count", "std"].includes(statistic))
    .map((point) => ({
      name: seriesName(point),
      unit: point.unit,
      value: point.value,
      extra: `run ${point.run}, ${point.host}, ${point.engine} ${point.engineVersion ?? ""}`.trimEnd(),
    }));
}

/**
 * The whole history as github-action-benchmark's `data.js`, a suite for each direction. Metrics that are better neither
 * way have no place in it.
 */
export function exportDataJs(runs: readonly Run[]): string {
  const suites = [
    ["pitwall, smaller is better", "customSmallerIsBetter", "lower"],
    ["pitwall, bigger is better", "customBiggerIsBetter", "higher"],
  ] as const;
  const entries = suites.map(([name, tool, better]) => [name, runs.flatMap((run) => entryOf(run, tool, better))]);
  const last = runs.at(-1);
  const data = {
    lastUpdate: last === undefined ? 0 : Date.parse(last.finishedAt),
    repoUrl: (last && repositoryUrl(last.trigger)) ?? "",
    entries: Object.fromEntries(entries),
  };
  return `${ASSIGNMENT}${JSON.stringify(data, null, 2)}`;
}

function entryOf(run: Run, tool: string, better: Metric["better"]) {
  const { commit, subject, runUrl } = run.trigger;
  const benches = benchesOf(run, better);
  if (benches.length === 0) return [];
  const nobody = { name: "pitwall", username: "pitwall", email: "" };
  const url = commitUrl(run.trigger) ?? webLink(runUrl) ?? "";
  const about = { id: commit ?? run.id, message: subject ?? `run ${run.id}`, timestamp: run.startedAt, url };
  return [{ commit: { author: nobody, committer: nobody, ...about }, date: Date.parse(run.startedAt), tool, benches }];
}
