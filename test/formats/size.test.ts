import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseRun, serializeRun } from "../../src/database/document.ts";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import type { RunCell } from "../../src/result/run.ts";

const numbersIn = (cell: RunCell) => (cell.status === "ok" ? Object.keys(cell.metrics).length : 0);

test("a night of 300 metrics of cells, as the standard preset measures them, is a document of less than 60 kB", () => {
  const nights = globSync("fake_db/runs/2026/*/*.json", { cwd: PACKAGE_ROOT }).map((path) =>
    parseRun(readFileSync(join(PACKAGE_ROOT, path), "utf8"), path),
  );
  const night = nights.find(({ outcome }) => outcome === "ok")!;
  const cells: RunCell[] = [];
  for (let i = 0; cells.reduce((sum, cell) => sum + numbersIn(cell), 0) < 300; i++) {
    const cell = night.cells[i % night.cells.length]!;
    cells.push({ ...cell, id: `${cell.id}_${Math.floor(i / night.cells.length)}` });
  }
  const bytes = Buffer.byteLength(serializeRun({ ...night, cells }));
  expect(bytes).toBeLessThan(60_000);
});
