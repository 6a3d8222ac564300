import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { serializeRun } from "../../src/database/document/document.ts";
import type { Run } from "../../src/result/document/run.ts";
import { median } from "../../src/result/metrics/distribution.ts";
import { publish } from "../../src/verbs/publish/publish.ts";
import { isolated } from "../support/git-repository.ts";
import { recordingTools } from "../support/recording-tools.ts";
import { freshRun, makeHistory } from "./database-history.ts";

export const TRIES = 9;
export const BRANCH = "pitwall-data";
const env = { ...process.env, ...isolated };

/** A history of one size, once with every run in a file of its own, once as `publish --compact` keeps it. */
export interface Place {
  size: number;
  folder: string;
  loose: Home;
  kept: Home;
  /** Time of the publish that packed all closed months. */
  packSeconds: number;
}

interface Home {
  repository: string;
  compact: boolean;
  publishMs: number[];
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

/** @returns how long the verb takes */
export async function published({ repository, compact }: Home, run: Run, folder: string): Promise<number> {
  const file = join(folder, "run.json");
  await writeFile(file, serializeRun(run));
  const inputs = publish.inputs.parse({ database: repository, branch: BRANCH, run: [file], compact });
  const tools = recordingTools({ env });
  const ms = await timed(() => publish.run(inputs, tools));
  const warning = tools.said.find((line) => line.startsWith("warning"));
  if (warning !== undefined) throw new Error(warning);
  return ms;
}

export async function makePlace(size: number, folder: string): Promise<Place> {
  const homeOf = (repository: string, compact: boolean): Home => ({ repository, compact, publishMs: [] });
  const loose = homeOf(join(folder, "loose.git"), false);
  const kept = homeOf(join(folder, "kept.git"), true);
  await makeHistory(loose.repository, BRANCH, size);
  await cp(loose.repository, kept.repository, { recursive: true });
  const packSeconds = (await published(kept, freshRun(TRIES), folder)) / 1000;
  return { size, folder, loose, kept, packSeconds };
}

export const PUBLISH_COLUMNS = ["runs", "kept by publish --compact, ms", "ratio", "every run in a file, ms", "ratio"];

/** Times are compared as ratios to the first history, measured in turns. */
export async function publishRows(places: readonly Place[]): Promise<string[]> {
  for (let round = 0; round < TRIES; round++) {
    for (const { kept, loose, folder } of places) {
      for (const home of [kept, loose]) home.publishMs.push(await published(home, freshRun(round), folder));
    }
  }
  return places.map((place) => {
    const cells = (["kept", "loose"] as const).flatMap((home) => {
      const ms = median(place[home].publishMs);
      return [ms.toFixed(0), (ms / median(places[0]![home].publishMs)).toFixed(2)];
    });
    return `| ${[place.size, ...cells].join(" | ")} |`;
  });
}
