import { z } from "zod";
import { RUN_ID, type Run } from "../../result/document/run.ts";
import { packFileOf } from "../pack/packed-index.ts";
import { isRenamingPath } from "../records/renaming.ts";
import { isRetractionPath } from "../records/retraction.ts";

export const DEFAULT_BRANCH = "pitwall-data";
export const MARKER_FILE = "pitwall.json";
export const README_FILE = "README.md";
/** Of a new branch in git: a checkout changes no byte of it, on Windows neither. */
export const ATTRIBUTES = { path: ".gitattributes", text: "* -text\n" };

/** `pitwall.json`: says that a branch is ours, and of which format. */
export const DatabaseMarker = z.strictObject({
  schema: z.literal("pitwall.database/1"),
  holds: z.enum(["real", "simulated"]).optional().meta({
    description: "real: at least one run of a real engine is on the branch. Absent: nobody has looked yet.",
  }),
});
export type DatabaseMarker = z.infer<typeof DatabaseMarker>;

/** `20261122T064501Z-7f3a9c2e` → `runs/2026/11/20261122T064501Z-7f3a9c2e.json` */
export function runPath({ id }: Pick<Run, "id">): string {
  return `runs/${id.slice(0, 4)}/${id.slice(4, 6)}/${id}.json`;
}

export function isRunPath(path: string): boolean {
  const id = path.slice(path.lastIndexOf("/") + 1).replace(/\.json$/, "");
  return RUN_ID.test(id) && runPath({ id }) === path;
}

/** Files of an older history, kept beside the runs for their readers when asked. */
export const LEGACY_FILES = ["data.json", "e2e_benchmark_data.json", "max_concurrency_benchmark_data.json"] as const;

type PathKind =
  | "marker"
  | "readme"
  | "run"
  | "pack"
  | "pack-index"
  | "retraction"
  | "renaming"
  | "accepted"
  | "legacy"
  | "hidden"
  | "unknown";

/** Folders at the top. */
export const DATA_FOLDERS = ["runs", "packed", "retracted", "renamed", "accepted"] as const;

/** What a file of a data branch is by its path; hidden files at the top belong to other tools. */
export function kindOfPath(path: string): PathKind {
  if (path === MARKER_FILE) return "marker";
  if (path === README_FILE) return "readme";
  if (isRunPath(path)) return "run";
  if (LEGACY_FILES.some((name) => name === path)) return "legacy";
  if (isRetractionPath(path)) return "retraction";
  if (isRenamingPath(path)) return "renaming";
  const packFile = packFileOf(path);
  if (packFile !== null) return packFile.kind;
  if (/^accepted\/[^/]+\.json$/.test(path)) return "accepted";
  return path.startsWith(".") ? "hidden" : "unknown";
}

type Moment = Pick<Run, "id" | "startedAt">;

/** By real time, however the moment is written; runs of the same moment by id. */
export function byTime(a: Moment, b: Moment): number {
  return Date.parse(a.startedAt) - Date.parse(b.startedAt) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
