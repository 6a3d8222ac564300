import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { EngineError } from "../../engine/engine-error.ts";
import { saveReady } from "../../engine/record.ts";
import { UsageError } from "../../errors.ts";
import { readJson } from "../../files.ts";
import { PITWALL } from "../../package-root.ts";
import { enginesOf } from "../../result/assemble/engines-of.ts";
import type { Cell } from "../../result/document/cell.ts";
import type { CellPlan } from "../../result/document/cell-plan.ts";
import { EngineRecord } from "../../result/document/engine-record.ts";
import { unmeasuredCell } from "../../result/document/unmeasured-cell.ts";
import type { Tools } from "../../tools.ts";
import { readCells } from "../../working-folder/cells.ts";
import { emptyFolder } from "../../working-folder/contents.ts";
import { engineFile, offlineEngineFile, startupEngineFile } from "../../working-folder/names.ts";
import { rawFilesOf } from "../../working-folder/raw-files.ts";
import { forgetRecord, refuseOtherArguments } from "./own-record.ts";
import { placeholderRecord } from "./placeholder-record.ts";

/** What is about to be measured: a server, the engine inside a driver, or one whose starts are measured. */
export type ToMeasure =
  | { kind: "server"; engine: EngineRecord | EngineError }
  | { kind: "offline"; model: string; engineArgs: readonly string[] }
  | ({ kind: "startup" } & Parameters<typeof placeholderRecord>[0] & { model: string });

interface Folder {
  output: string;
  /** Remove all cells first. */
  clean: boolean;
  /** That the server is asked for. */
  model?: string | undefined;
}

/** A working folder that takes more cells. */
export interface PreparedFolder {
  staying: readonly Cell[];
  /** Removes the raw files that an earlier measurement of this cell left. */
  makeRoom(id: string): Promise<void>;
}

/** One that was just emptied, by whoever measures several benchmarks into it. */
export const FRESH_FOLDER: PreparedFolder = { staying: [], makeRoom: async () => undefined };

const FILES = { server: engineFile, offline: offlineEngineFile, startup: startupEngineFile };

/**
 * Makes a working folder ready for more cells: those that it holds stay, but for the ones that are measured again. Says
 * which those are, and leaves the record of a server that nobody here started.
 * @throws UsageError before anything is touched, when the folder would hold cells of two engines
 */
export async function prepareFolder(
  { output, clean, model }: Folder,
  plans: readonly CellPlan[],
  target: ToMeasure,
  { report }: Pick<Tools, "report">,
): Promise<PreparedFolder> {
  const planned = new Set(plans.map(({ id }) => id));
  const found = clean ? [] : await readCells(output);
  const staying = found.filter(({ id }) => !planned.has(id));
  await refuseTwoEngines(output, plans, staying, target);
  if (clean && (await emptyFolder(output))) report.info(`${output} was emptied: --clean`);
  const again = found.filter(({ id }) => planned.has(id));
  if (again.length > 0) {
    report.info(`measuring again, in place of what ${output} holds: ${again.map(({ id }) => id).join(", ")}`);
  }
  if (target.kind !== "server") await forgetRecord(target.kind, output, staying);
  else await keepRecord({ output, model }, target.engine, staying);
  const stale = new Map<string, string[]>();
  for (const cell of again) stale.set(cell.id, await rawFilesOf(cell, output));
  return {
    staying,
    async makeRoom(id) {
      for (const file of stale.get(id) ?? []) await rm(file, { force: true });
    },
  };
}

async function refuseTwoEngines(
  output: string,
  plans: readonly CellPlan[],
  staying: readonly Cell[],
  target: ToMeasure,
): Promise<void> {
  if (staying.length === 0) return;
  if (target.kind !== "server") await refuseOtherArguments({ ...target, output }, staying);
  const files = Object.values(FILES).filter((fileOf) => fileOf !== FILES[target.kind] || isDead(target));
  const others = files.map((fileOf) => fileOf(output)).filter((file) => existsSync(file));
  const records = await Promise.all(others.map((file) => readJson(file, EngineRecord)));
  const own = await recordOf(output, target, staying);
  const coming = plans.map((plan) => unmeasuredCell(plan, PITWALL, NOT_YET, new Date()));
  const found = enginesOf([...staying, ...coming], own === undefined ? records : [own, ...records]);
  if (!("problem" in found)) return;
  throw new UsageError(
    `${output} holds cells of another engine, and a run document has one: ${found.problem}. ` +
      "Give this benchmark another --output, or remove those cells with --clean",
  );
}

const NOT_YET = { reason: "cancelled", detail: "not yet measured" } as const;

const isDead = (target: ToMeasure) => target.kind === "server" && target.engine instanceof EngineError;

/** The record that the folder will have; undefined where the one that lies there stays as it is. */
async function recordOf(
  output: string,
  target: ToMeasure,
  staying: readonly Cell[],
): Promise<EngineRecord | undefined> {
  switch (target.kind) {
    case "server":
      return target.engine instanceof EngineError ? undefined : await continued(output, target.engine, staying);
    case "offline":
      return { ...placeholderRecord({ engine: "vllm", ...target, engineArgs: [...target.engineArgs] }), ...CAME_UP };
    case "startup":
      return { ...placeholderRecord(target), ...CAME_UP, startMeasured: true };
    default:
      return target satisfies never;
  }
}

const CAME_UP = { secondsToReady: 0 };

/** Keeps the record of a remote engine: nobody started it for this benchmark, so it is written here, even if it never came up. */
async function keepRecord(
  { output, model }: Omit<Folder, "clean">,
  engine: EngineRecord | EngineError,
  staying: readonly Cell[],
): Promise<void> {
  if (engine instanceof EngineError) {
    if (existsSync(engineFile(output))) return;
    await saveReady(output, placeholderRecord({ engine: "remote", model, engineArgs: [] }));
  } else if (engine.kind === "remote") {
    await saveReady(output, await continued(output, engine, staying));
  }
}

/** The same server as before was there when the cells that stay were measured. */
async function continued(output: string, engine: EngineRecord, staying: readonly Cell[]): Promise<EngineRecord> {
  if (engine.kind !== "remote" || staying.length === 0 || !existsSync(engineFile(output))) return engine;
  const before = await readJson(engineFile(output), EngineRecord);
  return identityOf(before) === identityOf(engine) ? { ...engine, startedAt: before.startedAt } : engine;
}

const identityOf = ({ kind, baseUrl, model, modelPath, version, maxModelLen }: EngineRecord) =>
  JSON.stringify([kind, baseUrl, model, modelPath, version, maxModelLen]);
