import { createHash } from "node:crypto";
import { utcMoment } from "../database/document/moment.ts";
import { UserError } from "../errors.ts";
import { mistakeLines } from "../mistakes.ts";
import { boundedRun } from "../result/checks/bounded-run.ts";
import { compactMoment, Run, RunCell } from "../result/document/run.ts";
import { impossibleTimes } from "../result/gate/impossible.ts";
import type { Metrics } from "../result/metrics/metric.ts";
import { present } from "../result/present.ts";

/** What a history of bare numbers does not say about itself. */
export type ImportContext = Pick<Run, "engine" | "model" | "host" | "client">;

type OkCell = Extract<RunCell, { status: "ok" }>;

/** @throws UserError when the cell has no number, one that does not fit the run document, or one that cannot be */
export function okCell(told: Omit<OkCell, "status">, place: string): RunCell {
  const cell = { ...told, metrics: measuredIn(told.metrics) };
  const problem = impossibility(cell.metrics);
  if (problem !== undefined) throw new UserError(`${place}: ${cell.id}: ${problem}`);
  const numbers = Object.values(cell.metrics).flatMap((metric) => Object.values(Object(metric)).concat(metric));
  if (!numbers.some((number) => typeof number === "number")) {
    throw new UserError(`${place}: there are no numbers for ${cell.id}`);
  }
  const parsed = RunCell.safeParse({ ...cell, status: "ok" });
  if (parsed.success) return parsed.data;
  throw new UserError(`${place}: ${cell.id}: ${mistakeLines(parsed.error)}`);
}

/** Other tools write 0 for what they could not measure, and a TPOT, which is of several tokens, is never 0. */
function measuredIn(metrics: Metrics): Metrics {
  const kept = Object.entries(metrics).filter(([name, value]) => {
    if (typeof value !== "object") return true;
    const { count: _, ...statistics } = value;
    const values = Object.values(statistics);
    const isInstant = name === "tpot_ms" && (statistics.mean === 0 || statistics.p50 === 0);
    return values.length === 0 || (values.some((one) => one !== 0) && !isInstant);
  });
  return Object.fromEntries(kept);
}

function impossibility(metrics: Metrics): string | undefined {
  for (const [name, value] of Object.entries(metrics)) {
    if (typeof value === "number") {
      if (value < 0 || (value === 0 && name === "duration_s")) return `${name} is ${value}, which no measurement gives`;
    } else if (value !== undefined) {
      const { count: _, ...statistics } = value;
      const problem = impossibleTimes(statistics, (statistic) => `${name}.${statistic}`);
      if (problem !== undefined) return problem;
    }
  }
  return undefined;
}

export interface SourceFile {
  text: string;
  /** Shown in errors and kept in the documents. */
  name: string;
}

interface Imported {
  format: string;
  file: SourceFile;
  timestamp: string;
  /** What the document's source says of its time. */
  note: string;
  /** Who wrote the file, where its format does not say that. */
  tool?: string;
  /** What the file says of itself; nothing by default. */
  facts?: Partial<Pick<Run, "trigger" | "finishedAt" | "configuration">>;
  cells: RunCell[];
  context: ImportContext;
}

export const UNKNOWN_TRIGGER: Run["trigger"] = {
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
export function importedRun({ format, file, timestamp, note, tool, facts, cells, context }: Imported): Run {
  const moment = utcMoment(timestamp, file.name);
  const ordered = cells.toSorted((a, b) => a.id.localeCompare(b.id, "en", { numeric: true }));
  const twice = ordered.find((cell, index) => cell.id === ordered[index - 1]?.id);
  if (twice !== undefined) throw new UserError(`${file.name}, ${timestamp}: there are two points for ${twice.id}`);
  const content = JSON.stringify([format, moment, ordered, ...(facts?.configuration ? [facts.configuration] : [])]);
  const suffix = sha256(content).slice(0, 8);
  const source = { format, file: file.name, note, sha256: sha256(file.text), ...present({ tool }) };
  const run: Run = {
    schema: "pitwall.run/1",
    id: `${compactMoment(moment)}-${suffix}`,
    startedAt: moment,
    finishedAt: moment,
    outcome: ordered.some(({ status }) => status === "failed") ? "failed" : "ok",
    trigger: UNKNOWN_TRIGGER,
    ...facts,
    ...context,
    simulated: false,
    source,
    cells: ordered,
  };
  return Run.parse(boundedRun(run));
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** The note of a source whose file gives one time, in its own spelling. */
export const writtenAt = (timestamp: string) =>
  `The file's only time is ${timestamp}, when the numbers were written down.`;

/** The time of a run as the file that it came from spelt it; of one that we measured, in our spelling. */
export function originalTimestamp({ source, startedAt }: Run): string {
  return /^The file's only time is (.+), when /.exec(source?.note ?? "")?.[1] ?? startedAt;
}

/** Cells that were written down together, in the order of the file. */
export function byTimestamp(points: { timestamp: string; cell: RunCell }[]): [string, RunCell[]][] {
  const groups = Map.groupBy(points, ({ timestamp }) => timestamp);
  return [...groups].map(([timestamp, group]) => [timestamp, group.map(({ cell }) => cell)]);
}
