import { existsSync } from "node:fs";
import { copyFile, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { makeFolder } from "../files.ts";
import {
  accuracyFile,
  cellsFolder,
  earlierFolder,
  engineFile,
  functionalFile,
  offlineEngineFile,
  rawFolder,
  runFile,
  startupEngineFile,
  summaryFile,
} from "./names.ts";

/** What benchmarks and post-process write; not the record of a server, which is there before them. */
function writtenIn(output: string): string[] {
  const written = [
    cellsFolder,
    rawFolder,
    accuracyFile,
    functionalFile,
    runFile,
    summaryFile,
    offlineEngineFile,
    startupEngineFile,
  ];
  return written.map((pathOf) => pathOf(output)).filter((path) => existsSync(path));
}

/** Removes all that benchmarks left in a working folder. @returns whether there was anything */
export async function emptyFolder(output: string): Promise<boolean> {
  const paths = [...writtenIn(output), earlierFolder(output)].filter((path) => existsSync(path));
  for (const path of paths) await rm(path, { recursive: true, force: true });
  return paths.length > 0;
}

/**
 * Moves it into `<out>/earlier`, in place of what lay there, with the server's record: that is a working folder of its own.
 * @returns that folder; undefined where there was nothing to move
 */
export async function setAside(output: string): Promise<string | undefined> {
  const paths = writtenIn(output);
  if (paths.length === 0) return undefined;
  const folder = earlierFolder(output);
  await rm(folder, { recursive: true, force: true });
  await makeFolder(folder);
  if (existsSync(engineFile(output))) await copyFile(engineFile(output), engineFile(folder));
  for (const path of paths) await rename(path, join(folder, basename(path)));
  return folder;
}
