import { createHash } from "node:crypto";
import { readdir, readFile, rm, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { z } from "zod";
import { makeFolder, writeFileAtomically } from "../../files.ts";
import { VERSION } from "../../package-root.ts";
import { Run } from "../../result/document/run.ts";
import { packFileOf } from "../pack/packed-index.ts";
import { type CachedFile, decodeSegment, encodeSegment } from "./segment.ts";

/** What earlier reads of one data branch found in its run documents, a segment a month. */
export interface ReadCache {
  /** By path; empty where there is none, or none that can be used. */
  load(): Promise<Map<string, CachedFile>>;
  /**
   * Replaces the segments of the fresh ones, and forgets those of files that are no more; where nothing can be written,
   * nothing is.
   * @param files all that is known now, the fresh ones among them
   */
  save(files: readonly CachedFile[], fresh: readonly CachedFile[]): Promise<void>;
}

const ENDING = ".numbers";
const DAY_MS = 86_400_000;
/** A branch whose cache nobody has renewed for so long is read anew. */
const KEPT_DAYS = 60;

/** @param place the branch in words; one more name for a branch costs one more cache, no more */
export function openReadCache(place: string, env: NodeJS.ProcessEnv): ReadCache {
  const folder = join(cacheHome(env), "pitwall", "numbers", hash(place));
  const reader = hash(`${VERSION} ${JSON.stringify(z.toJSONSchema(Run))}`);
  return {
    async load() {
      const names = await readdir(folder).catch(() => []);
      const segments = await Promise.all(
        names.filter((name) => name.endsWith(ENDING)).map((name) => loadSegment(join(folder, name), reader)),
      );
      return new Map(segments.flat().map((file) => [file.path, file]));
    },
    async save(files, fresh) {
      const segments = Map.groupBy(files, segmentOf);
      const changed = new Set(fresh.map(segmentOf));
      try {
        // The numbers may be of a private repository.
        await makeFolder(folder, 0o700);
        for (const name of changed) {
          await writeFileAtomically(join(folder, name), encodeSegment(segments.get(name)!, reader));
        }
        const old = (await readdir(folder)).filter((name) => name.endsWith(ENDING) && !segments.has(name));
        for (const name of old) await rm(join(folder, name), { force: true });
        await removeForgotten(dirname(folder));
      } catch {
        // A cache that cannot be kept costs time at the next read, and nothing else.
      }
    },
  };
}

/** A pack has one of its own, the files of a month share one. */
const segmentOf = ({ path }: CachedFile) => `${hash(packFileOf(path) === null ? dirname(path) : path)}${ENDING}`;

async function loadSegment(path: string, reader: string): Promise<CachedFile[]> {
  try {
    return decodeSegment(await readFile(path), reader) ?? [];
  } catch {
    return [];
  }
}

/** As the XDG Base Directory Specification has it: a relative path does not count. */
function cacheHome({ XDG_CACHE_HOME = "", HOME = homedir() }: NodeJS.ProcessEnv): string {
  return isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(HOME, ".cache");
}

async function removeForgotten(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path);
    if (mtimeMs < Date.now() - KEPT_DAYS * DAY_MS) await rm(path, { recursive: true, force: true });
  }
}

const hash = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 32);
