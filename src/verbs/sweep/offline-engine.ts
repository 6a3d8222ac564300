import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { offlineEngineFile } from "../../engine/record.ts";
import { withMaxModelLen } from "../../engine/shrink.ts";
import { UsageError } from "../../errors.ts";
import { readJson } from "../../files.ts";
import type { Cell } from "../../result/cell.ts";
import { EngineRecord } from "../../result/engine-record.ts";
import { readCells } from "../cell-files.ts";

/*
 * Sweep and throughput tell of the engine inside their driver in one file. Cells of the one that lie in the folder must be
 * left with a record that is true of them when the other is measured.
 */

interface Wanted {
  output: string;
  model?: string | undefined;
  engineArgs: readonly string[];
}

/**
 * @param other the benchmark that is not about to be measured
 * @throws UsageError when its offline cells are of an engine that was started otherwise
 */
export async function refuseOtherEngine(
  { output, model, engineArgs }: Wanted,
  other: Cell["benchmark"],
): Promise<void> {
  if (!existsSync(offlineEngineFile(output)) || !(await hasOfflineCells(output, other))) return;
  const { modelPath, args, shrunk } = await readJson(offlineEngineFile(output), EngineRecord);
  // What --on-oom shrink put in was not asked for.
  const asked = (given: readonly string[]) =>
    (shrunk === undefined ? given : withMaxModelLen(given, shrunk.to)).join(" ");
  if (modelPath === model && asked(args) === asked(engineArgs)) return;
  throw new UsageError(
    `${output} holds cells of ${other} from another engine (${[modelPath, ...args].join(" ")}), and a run document has ` +
      "one: give this benchmark another --output, or the same --model and --engine-args",
  );
}

/** Unless cells of the other benchmark need its record. */
export async function forgetOfflineEngine(output: string, other: Cell["benchmark"]): Promise<void> {
  if (!(await hasOfflineCells(output, other))) await rm(offlineEngineFile(output), { force: true });
}

async function hasOfflineCells(output: string, benchmark: Cell["benchmark"]): Promise<boolean> {
  const cells = await readCells(output);
  return cells.some((cell) => cell.benchmark === benchmark && cell.params.mode === "offline");
}
