import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { withMaxModelLen } from "../../engine/shrink.ts";
import { UsageError } from "../../errors.ts";
import { readJson } from "../../files.ts";
import type { Cell } from "../../result/document/cell.ts";
import { EngineRecord } from "../../result/document/engine-record.ts";
import { offlineEngineFile, startupEngineFile } from "../../working-folder/names.ts";

/*
 * Benchmarks that bring their own engine up tell of it in one file: sweep and throughput of that inside their driver,
 * startup-benchmark of its last. Cells that stay in the folder must be left with a record that is true of them.
 */

type Kind = "offline" | "startup";

const RECORDS: Record<Kind, { fileOf(output: string): string; isOf(cell: Cell): boolean }> = {
  offline: { fileOf: offlineEngineFile, isOf: ({ params }) => params.mode === "offline" },
  startup: { fileOf: startupEngineFile, isOf: ({ benchmark }) => benchmark === "startup-benchmark" },
};

interface Wanted {
  kind: Kind;
  output: string;
  model: string;
  engineArgs: readonly string[];
}

/**
 * @param staying cells that the folder keeps
 * @throws UsageError when some of them are of an engine that was started otherwise
 */
export async function refuseOtherArguments(
  { kind, output, model, engineArgs }: Wanted,
  staying: readonly Cell[],
): Promise<void> {
  const { fileOf, isOf } = RECORDS[kind];
  const theirs = staying.find(isOf);
  if (theirs === undefined || !existsSync(fileOf(output))) return;
  const { modelPath, args, shrunk } = await readJson(fileOf(output), EngineRecord);
  // What --on-oom shrink put in was not asked for.
  const asked = (given: readonly string[]) =>
    (shrunk === undefined ? given : withMaxModelLen(given, shrunk.to)).join(" ");
  if (modelPath === model && asked(args) === asked(engineArgs)) return;
  throw new UsageError(
    `${output} holds cells of ${theirs.benchmark} from another engine (${[modelPath, ...args].join(" ")}), and a run ` +
      "document has one: give this benchmark another --output, or the same --model and --engine-args, or remove them with --clean",
  );
}

/** Unless cells that stay need it: an engine that does not come up must not be left with another one's record. */
export async function forgetRecord(kind: Kind, output: string, staying: readonly Cell[]): Promise<void> {
  const { fileOf, isOf } = RECORDS[kind];
  if (!staying.some(isOf)) await rm(fileOf(output), { force: true });
}
