import type { Run } from "../../result/document/run.ts";
import { PACK_FOLDER, packFileOf } from "../pack/packed-index.ts";
import { KIND_NAMES, KINDS, type KindName, kindAt } from "../records/kinds.ts";

export const DEFAULT_BRANCH = "pitwall-data";
export const MARKER_FILE = "pitwall.json";
export const README_FILE = "README.md";
/** A file of a new branch in git: with it a checkout changes no byte of it, on Windows neither. */
export const ATTRIBUTES = { path: ".gitattributes", text: "* -text\n" };

/** Files of an older history, kept beside the runs for their readers when asked. */
export const LEGACY_FILES = ["data.json", "e2e_benchmark_data.json", "max_concurrency_benchmark_data.json"] as const;

type PathKind = KindName | "marker" | "readme" | "pack" | "pack-index" | "legacy" | "hidden" | "unknown";

/** What a file of a data branch is by its path; hidden files at the top belong to other tools. */
export function kindOfPath(path: string): PathKind {
  if (path === MARKER_FILE) return "marker";
  if (path === README_FILE) return "readme";
  if (LEGACY_FILES.some((name) => name === path)) return "legacy";
  const other = path.startsWith(".") ? "hidden" : "unknown";
  return kindAt(path) ?? packFileOf(path)?.kind ?? other;
}

/** Whether documents or packs may lie below a folder of this path. */
export function isDataFolder(path: string): boolean {
  return path === PACK_FOLDER || KIND_NAMES.some((name) => KINDS[name].isFolder(path));
}

type Moment = Pick<Run, "id" | "startedAt">;

/** By real time, however the moment is written; runs of the same moment by id. */
export function byTime(a: Moment, b: Moment): number {
  return Date.parse(a.startedAt) - Date.parse(b.startedAt) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
