import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readJson, writeJson } from "../files.ts";
import { BENCHMARKS, Cell, CHECKS } from "../result/document/cell.ts";
import { cellsFolder } from "./names.ts";

const folderOf = (output: string, benchmark: Cell["benchmark"]) => join(cellsFolder(output), benchmark);

/** Writes `<out>/cells/<cell id>.json`. */
export async function writeCell(output: string, cell: Cell): Promise<void> {
  await writeJson(join(cellsFolder(output), `${cell.id}.json`), cell);
}

/** All cells of a working folder, benchmark by benchmark, each in the order of the numbers in its ids. */
export async function readCells(output: string): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const benchmark of [...BENCHMARKS, ...CHECKS]) {
    const folder = folderOf(output, benchmark);
    const names = (await list(folder)).filter((name) => name.endsWith(".json"));
    names.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    for (const name of names) cells.push(await readJson(join(folder, name), Cell));
  }
  return cells;
}

async function list(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
    throw error;
  });
}
