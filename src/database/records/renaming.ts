import { z } from "zod";
import { CellParams } from "../../result/document/cell.ts";
import { RUN_ID, type Run, type RunCell } from "../../result/document/run.ts";
import { fingerprint } from "../../result/series/fingerprint.ts";
import { contextOf, NO_ARGUMENTS } from "../../result/series/series.ts";

const name = z.string().min(1);
const cellId = z
  .string()
  .regex(/^[a-z0-9-]+\/[A-Za-z0-9._-]+$/, "must be a cell's id, like latency-sweep/in_8_out_4_bs_1");
const common = {
  schema: z.literal("pitwall.renaming/1"),
  why: z.string().trim().min(1).meta({ description: "Said by whoever renamed it." }),
  by: z.string().trim().min(1).meta({ description: "Who renamed it." }),
  at: z.iso.datetime().meta({ description: "When, in UTC. Records apply in the order of this moment." }),
  since: z.iso.datetime().optional().meta({ description: "Only runs that started at this moment or later." }),
  until: z.iso.datetime().optional().meta({ description: "Only runs that started before this moment." }),
};

/** Names of a whole run that are part of its series. */
export const RUN_NAMES = ["host", "model", "gpu", "configuration", "arguments"] as const;

/** `renamed/<id>.json`: gives runs another name in every reader's sight, while their documents stay as they are. */
export const Renaming = z
  .discriminatedUnion("what", [
    z.strictObject({ ...common, what: z.enum(RUN_NAMES), from: name, to: name }),
    z.strictObject({ ...common, what: z.literal("cell"), from: cellId, to: cellId }),
    z.strictObject({
      ...common,
      what: z.literal("parameter"),
      parameter: name.meta({ description: "Key in the params of a cell." }),
      from: CellParams.valueType.meta({ description: "Its value." }),
      to: CellParams.valueType,
    }),
  ])
  .refine(({ from, to }) => from !== to, "from and to are the same")
  .refine(
    ({ since, until }) => since === undefined || until === undefined || Date.parse(since) < Date.parse(until),
    "since is not before until",
  );
export type Renaming = z.infer<typeof Renaming>;

/** `renamed/20261124T100000Z-7f3a9c2e.json`: moment and fingerprint of the record. */
export function renamingPath(renaming: Renaming): string {
  return `renamed/${renamingId(renaming)}.json`;
}

export function renamingId(renaming: Renaming): string {
  return `${renaming.at.slice(0, 19).replaceAll(/[-:]/g, "")}Z-${fingerprint(serializeRenaming(renaming))}`;
}

export function isRenamingPath(path: string): boolean {
  const [, id = ""] = /^renamed\/([^/]+)\.json$/.exec(path) ?? [];
  return RUN_ID.test(id);
}

/** The one text of a record, whatever the order of its keys was. */
export function serializeRenaming(renaming: Renaming): string {
  const { schema, what, from, to, why, by, at, since, until } = renaming;
  const parameter = what === "parameter" ? renaming.parameter : undefined;
  return `${JSON.stringify({ schema, what, parameter, from, to, since, until, why, by, at }, null, 1)}\n`;
}

/** What is renamed, for people: `host`, `parameter dataset`. */
export function whatOf(renaming: Renaming): string {
  return renaming.what === "parameter" ? `parameter ${renaming.parameter}` : renaming.what;
}

/** The order in which records apply: each to the names that those before it left. */
function byMoment(a: Renaming, b: Renaming): number {
  return Date.parse(a.at) - Date.parse(b.at) || (renamingId(a) < renamingId(b) ? -1 : 1);
}

/** What a record may change of a run, its cells aside. */
type RunNames = Omit<Run, "cells">;
export type CellRenaming = Extract<Renaming, { what: "cell" | "parameter" }>;

/** Renames cells in whatever form a reader holds them. @returns the very same run when none is meant */
type ChangeCells<R> = (run: R, renaming: CellRenaming) => R;

/** Runs as every reader shows them; what was changed stands in `renamed`. */
export function applyRenamings(runs: readonly Run[], renamings: readonly Renaming[]): Run[] {
  return renameAll(runs, renamings, changeCells);
}

/** The same of what a reader has in place of documents. */
export function renameAll<R extends RunNames>(
  runs: readonly R[],
  renamings: readonly Renaming[],
  change: ChangeCells<R>,
): R[] {
  const inOrder = renamings.toSorted(byMoment);
  return runs.map((run) => inOrder.reduce((one, renaming) => applyTo(one, renaming, change), run));
}

/** @returns the very same run when the record does not concern it */
export function applyRenaming(run: Run, renaming: Renaming): Run {
  return applyTo(run, renaming, changeCells);
}

function applyTo<R extends RunNames>(run: R, renaming: Renaming, change: ChangeCells<R>): R {
  if (!isMeant(run, renaming)) return run;
  const isOfCells = renaming.what === "cell" || renaming.what === "parameter";
  const changed = isOfCells ? change(run, renaming) : withName(run, renaming);
  if (changed === run) return run;
  const { from, to, why, by, at } = renaming;
  const entry = { what: whatOf(renaming), from: String(from), to: String(to), why, by, at };
  return { ...changed, renamed: [...(run.renamed ?? []), entry] };
}

function isMeant({ startedAt }: RunNames, { since, until }: Renaming): boolean {
  const moment = Date.parse(startedAt);
  return (since === undefined || moment >= Date.parse(since)) && (until === undefined || moment < Date.parse(until));
}

function withName<R extends RunNames>(run: R, renaming: Exclude<Renaming, CellRenaming>): R {
  const { what, from, to } = renaming;
  switch (what) {
    case "host":
      return run.host.label === from ? { ...run, host: { ...run.host, label: to } } : run;
    case "model":
      return run.model.name === from ? { ...run, model: { ...run.model, name: to } } : run;
    case "configuration":
      return run.configuration === from ? { ...run, configuration: to } : run;
    case "arguments":
      // Which they are is told by the record of the renaming; the document goes on to say what the engine was given.
      return (contextOf(run).engineArguments ?? NO_ARGUMENTS) === from ? { ...run } : run;
    case "gpu":
      return run.host.gpu === from ? { ...run, host: withGpu(run.host, from, to) } : run;
    default:
      return what satisfies never;
  }
}

function withGpu(host: Run["host"], from: string, to: string): Run["host"] {
  const gpus = host.gpus?.map((gpu) => (gpu.name === from ? { ...gpu, name: to } : gpu));
  return { ...host, gpu: to, ...(gpus === undefined ? {} : { gpus }) };
}

function changeCells(run: Run, renaming: CellRenaming): Run {
  // A run that has both keeps both: two cells of one id could not be told apart.
  if (renaming.what === "cell" && run.cells.some(({ id }) => id === renaming.to)) return run;
  const cells = run.cells.map((cell) => withCellName(cell, renaming));
  return cells.some((cell, index) => cell !== run.cells[index]) ? { ...run, cells } : run;
}

function withCellName(cell: RunCell, renaming: CellRenaming): RunCell {
  if (renaming.what === "cell") return cell.id === renaming.from ? { ...cell, id: renaming.to } : cell;
  const { parameter, from, to } = renaming;
  const isMeant = Object.hasOwn(cell.params, parameter) && cell.params[parameter] === from;
  return isMeant ? { ...cell, params: { ...cell.params, [parameter]: to } } : cell;
}
