import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appendRuns } from "../../src/database/append.ts";
import { serializeRun } from "../../src/database/document.ts";
import { compactBranch } from "../../src/database/pack/compact.ts";
import { queryPoints } from "../../src/database/query/points.ts";
import { readNumbers } from "../../src/database/query/read-numbers.ts";
import { readDatabase } from "../../src/database/read.ts";
import { runCommand } from "../../src/process.ts";
import type { Run } from "../../src/result/run.ts";
import { isolated } from "../support/git-repository.ts";
import { race, slowRepository } from "../support/race.ts";
import { recordingTools } from "../support/recording-tools.ts";
import { dataJs, historyRun, makeHistory, pointsOf } from "./database-history.ts";

/*
 * What the data branch costs as it grows. Times are compared as ratios, measured in turns in one process: a shared machine
 * makes absolute ones of little use. Usage: node test/bench/database.ts [RUNS…], 100 and 10000 when none are given.
 */

const TRIES = 9;
const BRANCH = "pitwall-data";
const env = { ...process.env, ...isolated };

interface Place {
  size: number;
  repository: string;
  publishMs: number[];
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function publishInTurns(places: Place[]): Promise<void> {
  for (let round = 0; round < TRIES; round++) {
    for (const { repository, publishMs, size } of places) {
      const runs = [historyRun(size + round, size + TRIES)];
      publishMs.push(await timed(() => appendRuns({ repository, branch: BRANCH, runs }, recordingTools({ env }))));
    }
  }
}

/** Bytes of all objects of a repository in one pack. */
async function packedBytes(repository: string): Promise<number> {
  await runCommand("git", ["-C", repository, "gc", "--quiet", "--prune=now"], { env });
  const { stdout } = await runCommand("git", ["-C", repository, "count-objects", "-v"], { env });
  return Number(/size-pack: (\d+)/.exec(stdout)![1]) * 1024;
}

/** A repository with nothing but one version of github-action-benchmark's file. */
async function packedDataJs(folder: string, text: string): Promise<number> {
  const repository = join(folder, "data-js.git");
  await runCommand("git", ["init", "--quiet", "--bare", repository], { env });
  const input = `blob\ndata ${Buffer.byteLength(text)}\n${text}\n`;
  await runCommand("git", ["-C", repository, "fast-import", "--quiet"], { env, input });
  const { stdout } = await runCommand("git", ["-C", repository, "count-objects", "-v"], { env });
  const [loose, packed] = ["size", "size-pack"].map((key) =>
    Number(new RegExp(`^${key}: (\\d+)`, "m").exec(stdout)![1]),
  );
  return (loose! + packed!) * 1024;
}

interface Compacted {
  seconds: number;
  /** Of the packs and their indexes, for each point in them. */
  bytesAPoint: number;
  readSeconds: number;
  publishMs: number;
  /** To hear that a packed run is there already. */
  againMs: number;
}

/** Packs every closed month, then reads all of it and publishes one more run. */
async function compacted({ size, repository }: Place): Promise<Compacted> {
  const before = new Date().toISOString().slice(0, 7);
  const tools = recordingTools({ env });
  let bytesAPoint = 0;
  const ms = await timed(async () => {
    const { months } = await compactBranch({ repository, branch: BRANCH, before, dryRun: false }, tools);
    const sum = (of: (month: (typeof months)[number]) => number) => months.reduce((all, month) => all + of(month), 0);
    bytesAPoint = sum(({ bytes }) => bytes.after) / sum(({ proven }) => proven.points);
  });
  const readMs = await timed(() => readDatabase(repository, { env }));
  const times = { fresh: [] as number[], again: [] as number[] };
  for (let i = 0; i < TRIES; i++) {
    const publish = (run: Run) => timed(() => appendRuns({ repository, branch: BRANCH, runs: [run] }, tools));
    times.fresh.push(await publish(historyRun(size + TRIES + i, size + 2 * TRIES)));
    times.again.push(await publish(historyRun(i, size)));
  }
  return {
    seconds: ms / 1000,
    bytesAPoint,
    readSeconds: readMs / 1000,
    publishMs: median(times.fresh),
    againMs: median(times.again),
  };
}

async function row(place: Place, base: number, folder: string): Promise<string> {
  const { size, repository, publishMs } = place;
  let runs = 0;
  const readMs = await timed(async () => {
    runs = (await readDatabase(repository, { env })).runs.length;
  });
  const cache = { ...env, XDG_CACHE_HOME: folder };
  await readNumbers(repository, { env: cache });
  const again = { series: ["bs_1 latency_s"], statistic: "headline" };
  const againMs = await timed(async () => {
    const { length } = queryPoints((await readNumbers(repository, { env: cache })).runs, again);
    if (length !== runs) throw new Error(`${length} points of ${runs} runs`);
  });
  const sample = Array.from({ length: Math.min(size, 1000) }, (_, number) => historyRun(number, size));
  const points = pointsOf(sample[0]!);
  const perPoint = (bytes: number, documents: number) => (bytes / documents / points).toFixed(0);
  const disk = sample.reduce((sum, run) => sum + Buffer.byteLength(serializeRun(run)), 0);
  const theirs = dataJs(sample);
  const packed = perPoint(await packedBytes(repository), runs);
  const after = await compacted(place);
  return [
    size,
    median(publishMs).toFixed(0),
    (median(publishMs) / base).toFixed(2),
    (readMs / 1000).toFixed(2),
    (readMs / runs).toFixed(2),
    (againMs / 1000).toFixed(2),
    perPoint(disk, sample.length),
    after.bytesAPoint.toFixed(1),
    packed,
    perPoint(Buffer.byteLength(theirs), sample.length),
    perPoint(await packedDataJs(folder, theirs), sample.length),
    after.seconds.toFixed(1),
    after.readSeconds.toFixed(2),
    after.publishMs.toFixed(0),
    after.againMs.toFixed(0),
  ].join(" | ");
}

/** Writers of one machine, as the jobs of a big runner are. */
async function raced(): Promise<string> {
  await using place = await slowRepository();
  const { repository, tmp } = place;
  const writers = Array.from({ length: 16 }, () => ({ repository, tmp }));
  const ms = await timed(() => race(20, writers));
  return `16 processes × 20 documents at once, 50 ms of the server's hook with each: ${(ms / 1000).toFixed(1)} s`;
}

const given = process.argv.slice(2).map(Number);
const sizes = given.length > 0 ? given : [100, 10_000];
if (sizes.some((size) => !Number.isInteger(size) || size < 1)) throw new Error("sizes are whole numbers of runs");
const folder = await mkdtemp(join(tmpdir(), "pitwall-bench-"));
try {
  const places: Place[] = [];
  for (const size of sizes) {
    const repository = join(folder, `${size}.git`);
    await makeHistory(repository, BRANCH, size);
    places.push({ size, repository, publishMs: [] });
  }
  await publishInTurns(places);
  const base = median(places[0]!.publishMs);
  console.log(`${pointsOf(historyRun(0, 1))} points a run; medians of ${TRIES} publishes in turns\n`);
  const columns = [
    ...[
      "runs",
      "publish, ms",
      "ratio",
      "read, s",
      "read a run, ms",
      "bytes a point",
      "compacted",
      "in git, with history",
    ],
    ...["data.js", "data.js in git", "compact, s", "then read, s", "then publish, ms", "a packed run again, ms"],
  ];
  console.log(`| ${columns.join(" | ")} |\n|${columns.map(() => "---|").join("")}`);
  for (const place of places) console.log(`| ${await row(place, base, await mkdtemp(join(folder, "js-")))} |`);
  console.log(`\n${await raced()}`);
} finally {
  await rm(folder, { recursive: true, force: true });
}
