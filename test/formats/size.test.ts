import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseRun, serializeRun } from "../../src/database/document/document.ts";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import type { RunCell } from "../../src/result/document/run.ts";
import { gpuNight } from "../support/gpu-night.ts";

const numbersIn = (cell: RunCell) => (cell.status === "ok" ? Object.keys(cell.metrics).length : 0);

const LARGEST = 60_000;

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
  expect(bytes).toBeLessThan(LARGEST);
});

test("so is one on eight GPUs with telemetry, steady states, the engine's starts and five repeats of each load", async () => {
  const night = await gpuNight(5);
  expect(night.outcome).toBe("ok");
  expect(night.cells.reduce((sum, cell) => sum + numbersIn(cell), 0)).toBe(300);
  for (const part of ["metrics", "health", "steady", "repeats", "telemetry"]) {
    expect(night.cells.filter((cell) => part in cell).length, part).toBeGreaterThanOrEqual(15);
  }
  expect(Buffer.byteLength(serializeRun(night))).toBeLessThan(LARGEST);
});
