import { z } from "zod";
import { commitLines, commitWords } from "../../foreign-text/commit-message.ts";
import { CELL_ID, CellParams } from "../../result/document/cell.ts";
import { compactMoment, RUN_ID, type Run, type RunCell, type RunHead } from "../../result/document/run.ts";
import { fingerprint } from "../../result/series/fingerprint.ts";
import { contextOf, NO_ARGUMENTS } from "../../result/series/series.ts";
import { type Format, parseDocument } from "../document/parse-document.ts";
import { type CellChange, type ChangeCells, inFolder, type RecordKind } from "./kind.ts";

const name = z.string().min(1);
const cellId = z.string().regex(CELL_ID, "must be a cell's id, like latency-sweep/in_8_out_4_bs_1");
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

const FOLDER = "renamed";
const format: Format<Renaming> = { schema: Renaming, family: "pitwall.renaming", version: 1 };

/** `renamed/20261124T100000Z-7f3a9c2e.json`: moment and fingerprint of the record. */
export function renamingPath(renaming: Renaming): string {
  return `${FOLDER}/${renamingId(renaming)}.json`;
}

function renamingId(renaming: Renaming): string {
  return `${compactMoment(renaming.at)}-${fingerprint(serializeRenaming(renaming))}`;
}

/** The one text of a record, whatever the order of its keys was. */
export function serializeRenaming(renaming: Renaming): string {
  const { schema, what, from, to, why, by, at, since, until } = renaming;
  const parameter = what === "parameter" ? renaming.parameter : undefined;
  return `${JSON.stringify({ schema, what, parameter, from, to, since, until, why, by, at }, null, 1)}\n`;
}

/** What is renamed, for people: `host`, `parameter dataset`. */
function whatOf(renaming: Renaming): string {
  return renaming.what === "parameter" ? `parameter ${renaming.parameter}` : renaming.what;
}

/** The order in which records apply: each to the names that those before it left. */
function byMoment(a: Renaming, b: Renaming): number {
  return Date.parse(a.at) - Date.parse(b.at) || (renamingId(a) < renamingId(b) ? -1 : 1);
}

/** Runs as every reader shows them; what was changed stands in their `renamed`. */
function applyAll<R extends RunHead>(runs: readonly R[], renamings: readonly Renaming[], change: ChangeCells<R>): R[] {
  const inOrder = renamings.toSorted(byMoment);
  return runs.map((run) => inOrder.reduce((one, renaming) => applyTo(one, renaming, change), run));
}

/** @returns the very same run when the record does not concern it */
export function applyRenaming(run: Run, renaming: Renaming): Run {
  return applyTo(run, renaming, changeCells);
}

function applyTo<R extends RunHead>(run: R, renaming: Renaming, change: ChangeCells<R>): R {
  if (!isMeant(run, renaming)) return run;
  const isOfCells = renaming.what === "cell" || renaming.what === "parameter";
  const changed = isOfCells ? change(run, renaming) : withName(run, renaming);
  if (changed === run) return run;
  const { from, to, why, by, at } = renaming;
  const entry = { what: whatOf(renaming), from: String(from), to: String(to), why, by, at };
  return { ...changed, renamed: [...(run.renamed ?? []), entry] };
}

function isMeant({ startedAt }: RunHead, { since, until }: Renaming): boolean {
  const moment = Date.parse(startedAt);
  return (since === undefined || moment >= Date.parse(since)) && (until === undefined || moment < Date.parse(until));
}

function withName<R extends RunHead>(run: R, renaming: Exclude<Renaming, CellChange>): R {
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

/** As a reader of whole documents does it. @returns the very same run when none of its cells is meant */
export function changeCells(run: Run, renaming: CellChange): Run {
  // A run that has both keeps both: two cells of one id could not be told apart.
  if (renaming.what === "cell" && run.cells.some(({ id }) => id === renaming.to)) return run;
  const cells = run.cells.map((cell) => withCellName(cell, renaming));
  return cells.some((cell, index) => cell !== run.cells[index]) ? { ...run, cells } : run;
}

function withCellName(cell: RunCell, renaming: CellChange): RunCell {
  if (renaming.what === "cell") return cell.id === renaming.from ? { ...cell, id: renaming.to } : cell;
  const { parameter, from, to } = renaming;
  const isMeant = Object.hasOwn(cell.params, parameter) && cell.params[parameter] === from;
  return isMeant ? { ...cell, params: { ...cell.params, [parameter]: to } } : cell;
}

export const RENAMING: RecordKind<Renaming> = {
  ...inFolder(FOLDER, (name) => RUN_ID.test(name)),
  format,
  title: "renaming",
  readme: {
    path: `${FOLDER}/<id>.json`,
    holds: "another name for a host, a model, a GPU or a cell, and why; no document changes",
  },
  pathOf: renamingPath,
  idOf: renamingId,
  serialize: serializeRenaming,
  parse: (text, file) => parseDocument(text, file, format),
  misplaced: (one, path) => (path === renamingPath(one) ? null : `${path} was changed since it was written`),
  unsound: () => null,
  // Its text is part of its path.
  twice: () => null,
  taken: (one) => `${renamingPath(one)} is taken by another record; rename once more`,
  message(renamings) {
    const messages = renamings.map((renaming) => {
      const { from, to, why } = renaming;
      return commitWords`Rename ${whatOf(renaming)} ${String(from)} to ${String(to)}\n\n${why}\n`;
    });
    return commitLines(messages, "\n");
  },
  checkAdded: async () => undefined,
  about: null,
  effect: { on: "names", apply: applyAll },
  tell: ({ value }) => value,
  shown: (one) => one,
  leftOut: () => null,
  flaw: () => null,
};
