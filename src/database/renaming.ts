import { z } from "zod";
import { CellParams } from "../result/cell.ts";
import { fingerprint } from "../result/fingerprint.ts";
import { RUN_ID, type Run, type RunCell, type RunHead } from "../result/run.ts";

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
export const RUN_NAMES = ["host", "model", "gpu", "configuration"] as const;

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
export function byMoment(a: Renaming, b: Renaming): number {
  return Date.parse(a.at) - Date.parse(b.at) || (renamingId(a) < renamingId(b) ? -1 : 1);
}

/** Runs as every reader shows them; what was changed stands in `renamed`. */
export function applyRenamings(runs: readonly Run[], renamings: readonly Renaming[]): Run[] {
  const inOrder = renamings.toSorted(byMoment);
  return runs.map((run) => inOrder.reduce(applyRenaming, run));
}

/** @returns the very same run when the record does not concern it */
export function applyRenaming(run: Run, renaming: Renaming): Run {
  if (!isMeant(run, renaming)) return run;
  const changed = withName(run, renaming);
  if (changed === run) return run;
  const { from, to, why, by, at } = renaming;
  const entry = { what: whatOf(renaming), from: String(from), to: String(to), why, by, at };
  return { ...changed, renamed: [...(run.renamed ?? []), entry] };
}

/** Whether a record is about runs of that moment. */
export function isMeant({ startedAt }: Pick<Run, "startedAt">, { since, until }: Renaming): boolean {
  const moment = Date.parse(startedAt);
  return (since === undefined || moment >= Date.parse(since)) && (until === undefined || moment < Date.parse(until));
}

function withName(run: Run, renaming: Renaming): Run {
  switch (renaming.what) {
    case "cell":
      // A run that has both keeps both: two cells of one id could not be told apart.
      return run.cells.some(({ id }) => id === renaming.to)
        ? run
        : withCells(run, (cell) => (cell.id === renaming.from ? { ...cell, id: renaming.to } : cell));
    case "parameter": {
      const { parameter, from, to } = renaming;
      return withCells(run, (cell) =>
        Object.hasOwn(cell.params, parameter) && cell.params[parameter] === from
          ? { ...cell, params: { ...cell.params, [parameter]: to } }
          : cell,
      );
    }
    default:
      return withRunName(run, renaming);
  }
}

export type RunRenaming = Extract<Renaming, { what: (typeof RUN_NAMES)[number] }>;

/** A run, or what is known of one, with another name. @returns the very same where the record does not concern it */
export function withRunName<R extends RunHead>(run: R, renaming: RunRenaming): R {
  switch (renaming.what) {
    case "host":
      return run.host.label === renaming.from ? { ...run, host: { ...run.host, label: renaming.to } } : run;
    case "model":
      return run.model.name === renaming.from ? { ...run, model: { ...run.model, name: renaming.to } } : run;
    case "configuration":
      return run.configuration === renaming.from ? { ...run, configuration: renaming.to } : run;
    case "gpu":
      return withGpu(run, renaming.from, renaming.to);
    default:
      return renaming.what satisfies never;
  }
}

function withGpu<R extends RunHead>(run: R, from: string, to: string): R {
  if (run.host.gpu !== from) return run;
  const gpus = run.host.gpus?.map((gpu) => (gpu.name === from ? { ...gpu, name: to } : gpu));
  return { ...run, host: { ...run.host, gpu: to, ...(gpus === undefined ? {} : { gpus }) } };
}

function withCells(run: Run, change: (cell: RunCell) => RunCell): Run {
  const cells = run.cells.map(change);
  return cells.some((cell, index) => cell !== run.cells[index]) ? { ...run, cells } : run;
}
