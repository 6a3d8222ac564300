import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serializeRun } from "../../src/database/document/document.ts";
import { queryPoints } from "../../src/database/query/points.ts";
import { readNumbers } from "../../src/database/query/read-numbers.ts";
import { readContent, readDatabase } from "../../src/database/read/read.ts";
import { runCommand } from "../../src/machine/command.ts";
import { median } from "../../src/result/metrics/distribution.ts";
import { isolated } from "../support/git-repository.ts";
import { race, slowRepository } from "../support/race.ts";
import { dataJs, historyRun, pointsOf } from "./database-history.ts";
import {
  BRANCH,
  makePlace,
  type Place,
  PUBLISH_COLUMNS,
  published,
  publishRows,
  TRIES,
  timed,
} from "./database-publish.ts";

/*
 * What the data branch costs as it grows. Times are compared as ratios, measured in turns in one process: a shared machine
 * makes absolute ones of little use. Usage: node test/bench/database.ts [RUNS…], 100 and 10000 when none are given.
 */

const env = { ...process.env, ...isolated };

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

/** What `publish --compact` made of a history. */
async function keptColumns({ size, kept, packSeconds, folder }: Place, points: number): Promise<string[]> {
  let inPacks = 0;
  const readMs = await timed(async () => {
    inPacks = (await readContent(`${kept.repository}#${BRANCH}`, { env })).packed.length;
  });
  const { stdout } = await runCommand("git", ["-C", kept.repository, "ls-tree", "-r", "-l", BRANCH, "packed/"], {
    env,
  });
  const bytes = stdout.split("\n").reduce((sum, line) => sum + Number(line.split(/\s+/)[3] ?? 0), 0);
  const again: number[] = [];
  for (let i = 0; i < TRIES; i++) again.push(await published(kept, historyRun(i, size), folder));
  return [
    (bytes / inPacks / points).toFixed(1),
    packSeconds.toFixed(1),
    (readMs / 1000).toFixed(2),
    median(again).toFixed(0),
  ];
}

async function row(place: Place): Promise<string> {
  const { size, folder, loose } = place;
  const { repository } = loose;
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
  return [
    size,
    (readMs / 1000).toFixed(2),
    (readMs / runs).toFixed(2),
    (againMs / 1000).toFixed(2),
    perPoint(disk, sample.length),
    packed,
    perPoint(Buffer.byteLength(theirs), sample.length),
    perPoint(await packedDataJs(folder, theirs), sample.length),
    ...(await keptColumns(place, points)),
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
const table = (columns: string[], rows: string[]) =>
  console.log(`| ${columns.join(" | ")} |\n|${columns.map(() => "---|").join("")}\n${rows.join("\n")}\n`);

const folder = await mkdtemp(join(tmpdir(), "pitwall-bench-"));
try {
  const places: Place[] = [];
  for (const size of sizes) places.push(await makePlace(size, await mkdtemp(join(folder, "place-"))));
  console.log(`publish to a bare repository on disk, medians of ${TRIES} in turns; ratios to ${sizes[0]} runs\n`);
  table(PUBLISH_COLUMNS, await publishRows(places));
  console.log(`${pointsOf(historyRun(0, 1))} points a run\n`);
  const rows: string[] = [];
  for (const place of places) rows.push(`| ${await row(place)} |`);
  const read = ["runs", "read, s", "read a run, ms", "query again, s"];
  const bytes = ["bytes a point", "in git, with history", "data.js", "data.js in git"];
  const packed = ["packed, bytes a point", "first publish --compact, s", "read packed, s", "publish a packed run, ms"];
  table([...read, ...bytes, ...packed], rows);
  console.log(await raced());
} finally {
  await rm(folder, { recursive: true, force: true });
}
