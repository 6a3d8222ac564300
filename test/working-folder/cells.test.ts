import { existsSync } from "node:fs";
import { createFixture } from "fs-fixture";
import { expect, test } from "vitest";
import { UserError } from "../../src/errors.ts";
import type { Cell } from "../../src/result/document/cell.ts";
import { readCells, writeCell } from "../../src/working-folder/cells.ts";

const cell = (benchmark: Cell["benchmark"], name: string): Cell => ({
  schema: "pitwall.cell/1",
  id: `${benchmark}/${name}`,
  benchmark,
  params: { batchSize: 1 },
  client: { kind: "pitwall", version: "1" },
  status: "skipped",
  reason: "cancelled",
  detail: "the run was cancelled",
});

test("cells are read back as written, benchmark by benchmark, 10 after 2", async () => {
  await using folder = await createFixture();
  const cells = [cell("latency-sweep", "bs_2"), cell("latency-sweep", "bs_10"), cell("serve-benchmark", "rate_1")];
  for (const one of cells.toReversed()) await writeCell(folder.path, one);
  expect(await readCells(folder.path)).toEqual(cells);
  expect(existsSync(folder.getPath("cells/latency-sweep/bs_10.json"))).toBe(true);
});

test("a folder without cells has none, and neither has a file", async () => {
  await using folder = await createFixture({ file: "" });
  expect(await readCells(folder.path)).toEqual([]);
  expect(await readCells(folder.getPath("file"))).toEqual([]);
});

test("a damaged cell is an error that names its file", async () => {
  await using folder = await createFixture({ "cells/latency-sweep/bs_1.json": '{"schema":' });
  await expect(readCells(folder.path)).rejects.toThrow(UserError);
  await expect(readCells(folder.path)).rejects.toThrow("bs_1.json is not valid JSON");
});
