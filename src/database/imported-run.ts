import { createHash } from "node:crypto";
import { z } from "zod";
import { UserError } from "../errors.ts";
import { Run, RunCell } from "../result/run.ts";
import { utcMoment } from "./moment.ts";

/** What a history of bare numbers does not say about itself. */
export type ImportContext = Pick<Run, "engine" | "model" | "host" | "client">;

type OkCell = Extract<RunCell, { status: "ok" }>;

/** @throws UserError when the cell has no number, or one that does not fit the run document */
export function okCell(cell: Omit<OkCell, "status">, place: string): RunCell {
  const numbers = Object.values(cell.metrics).flatMap((metric) => Object.values(Object(metric)).concat(metric));
  if (!numbers.some((number) => typeof number === "number")) {
    throw new UserError(`${place}: there are no numbers for ${cell.id}`);
  }
  const parsed = RunCell.safeParse({ ...cell, status: "ok" });
  if (parsed.success) return parsed.data;
  throw new UserError(`${place}: ${cell.id}: ${z.prettifyError(parsed.error)}`);
}

interface Imported {
  format: string;
  file: string;
  timestamp: string;
  cells: RunCell[];
  context: ImportContext;
}

const UNKNOWN_TRIGGER: Run["trigger"] = {
  repository: null,
  commit: null,
  ref: null,
  subject: null,
  runUrl: null,
  attempt: 1,
  job: null,
};

/**
 * The document of one point in time. The same numbers give the same document, whenever they are imported.
 * @throws UserError when the point has one cell twice
 */
export function importedRun({ format, file, timestamp, cells, context }: Imported): Run {
  const moment = utcMoment(timestamp, file);
  const ordered = cells.toSorted((a, b) => a.id.localeCompare(b.id, "en", { numeric: true }));
  const twice = ordered.find((cell, index) => cell.id === ordered[index - 1]?.id);
  if (twice !== undefined) throw new UserError(`${file}, ${timestamp}: there are two points for ${twice.id}`);
  const content = JSON.stringify([format, moment, ordered]);
  const suffix = createHash("sha256").update(content).digest("hex").slice(0, 8);
  return Run.parse({
    schema: "pitwall.run/1",
    id: `${moment.slice(0, 19).replaceAll(/[-:]/g, "")}Z-${suffix}`,
    startedAt: moment,
    finishedAt: moment,
    outcome: "ok",
    trigger: UNKNOWN_TRIGGER,
    ...context,
    simulated: false,
    source: { format, file, note: `The file's only time is ${timestamp}, when the numbers were written down.` },
    cells: ordered,
  });
}

/** The time of a run as the file that it came from spelt it; of one that we measured, in our spelling. */
export function originalTimestamp({ source, startedAt }: Run): string {
  return /^The file's only time is (.+), when /.exec(source?.note ?? "")?.[1] ?? startedAt;
}

/** Cells that were written down together, in the order of the file. */
export function byTimestamp(points: { timestamp: string; cell: RunCell }[]): [string, RunCell[]][] {
  const groups = Map.groupBy(points, ({ timestamp }) => timestamp);
  return [...groups].map(([timestamp, group]) => [timestamp, group.map(({ cell }) => cell)]);
}

type Present<T> = { [K in keyof T]?: NonNullable<T[K]> };

/** Missing is absent: never null. */
export function present<T extends object>(values: T): Present<T> {
  const there = Object.entries(values).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(there) as Present<T>;
}
