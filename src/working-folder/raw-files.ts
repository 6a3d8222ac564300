import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import { readJson } from "../files.ts";
import type { Cell } from "../result/document/cell.ts";
import { rawFolder } from "./names.ts";
import { longRawName, rawName } from "./raw-names.ts";

const Timed = z.looseObject({ latencies: z.unknown() });

const TRIES = /^(_repeat_\d+|_level_[\d.e+-]+)?(\.requests|\.pytorch)?\.json$/;

/** The files below `raw/` that tell of this cell, in the folder that holds it. */
export async function rawFilesOf(cell: Cell, output: string): Promise<string[]> {
  const raw = rawFolder(output);
  const name = basename(cell.id);
  switch (cell.benchmark) {
    case "serve-benchmark":
      return filesNamed(join(raw, "serve-benchmark"), name);
    case "throughput-benchmark":
      return filesNamed(raw, `throughput_${name}`);
    case "latency-sweep":
      return latencyFiles(cell, raw);
    default:
      return [];
  }
}

async function latencyFiles(cell: Cell, raw: string): Promise<string[]> {
  const { id, params } = cell;
  const sized = { id, batchSize: Number(params.batchSize) };
  const short = await filesNamed(raw, rawName(sized, [sized]));
  const isOwn = short.length > 0 && (await holdsTimesOf(cell, short));
  return [...(isOwn ? short : []), ...(await filesNamed(raw, longRawName(sized)))];
}

/** The short name may be that of another cell with this batch size: the measured times tell. */
async function holdsTimesOf(cell: Cell, files: readonly string[]): Promise<boolean> {
  if (cell.status === "skipped" || cell.measurement?.kind !== "iterations") return false;
  const file = files.find((path) => !path.endsWith(".pytorch.json"));
  if (file === undefined) return false;
  const { latencies } = await readJson(file, Timed);
  return sameNumbers(latencies, cell.measurement.latenciesS);
}

const sameNumbers = (one: unknown, other: readonly number[]) => JSON.stringify(one) === JSON.stringify(other);

async function filesNamed(folder: string, name: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const own = names.filter((file) => file.startsWith(name) && TRIES.test(file.slice(name.length)));
  return own.map((file) => join(folder, file));
}
