import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Run } from "../../result/document/run.ts";
import { neighboursAmong } from "../additions.ts";
import { parseRun } from "../document/document.ts";
import type { Document } from "../document/documents.ts";
import { runsOf } from "../document/documents.ts";
import { type PlacedText, recordsOf } from "../document/parse-at.ts";
import { readText } from "../document/text-file.ts";
import { packedTextIn } from "../pack/packed-in.ts";
import { monthOf, packIndexPath, parsePackIndex } from "../pack/packed-index.ts";
import { hidingPaths, named, namingFolders } from "../records/applied.ts";
import type { Present } from "../records/kind.ts";
import { changeCells } from "../records/renaming.ts";
import { runPath } from "../records/run.ts";

/** What is in a data folder beside documents that are to be added, read when it is asked for. */
export function presentIn(root: string, missing: readonly Document[]): Present {
  return {
    async neighbours() {
      const ids = runsOf(missing).map(({ id }) => id);
      const months = new Map(ids.map((id) => [monthOf(id), dirname(runPath({ id }))]));
      const there = new Set<string>();
      for (const [month, folder] of months) for (const id of await idsOf(root, month, folder)) there.add(id);
      return readCounted(root, neighboursAmong(there, ids));
    },
    seen: async (ids) => named(await readCounted(root, ids), await namesIn(root), changeCells),
  };
}

async function namesIn(root: string) {
  const texts: PlacedText[] = [];
  for (const folder of namingFolders()) {
    for (const name of await filesIn(join(root, folder))) {
      const path = `${folder}/${name}`;
      texts.push({ path, text: await readText(join(root, path), path) });
    }
  }
  return recordsOf(texts);
}

async function idsOf(root: string, month: string, folder: string): Promise<string[]> {
  const loose = (await filesIn(join(root, folder))).map((name) => name.replace(/\.json$/, ""));
  const index = packIndexPath(month);
  if (!existsSync(join(root, index))) return loose;
  return [...loose, ...parsePackIndex(await readText(join(root, index), index), index).map(({ id }) => id)];
}

async function filesIn(folder: string): Promise<string[]> {
  return existsSync(folder) ? await readdir(folder) : [];
}

async function readCounted(root: string, ids: readonly string[]): Promise<Run[]> {
  const runs: Run[] = [];
  for (const id of ids.filter((id) => !isHidden(root, id))) {
    const path = runPath({ id });
    const text = existsSync(join(root, path)) ? await readText(join(root, path), path) : await packedTextIn(root, id);
    if (text !== undefined) runs.push(parseRun(text, path));
  }
  return runs;
}

const isHidden = (root: string, id: string) => hidingPaths(id).some((path) => existsSync(join(root, path)));
