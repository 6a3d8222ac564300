import { z } from "zod";
import { UserError } from "../../errors.ts";
import { commitLines, commitWords } from "../../foreign-text/commit-message.ts";
import { MOST } from "../../foreign-text/limits.ts";
import { shownRun, shownText } from "../../result/checks/shown-run.ts";
import { RUN_ID, type Run } from "../../result/document/run.ts";
import { fingerprint } from "../../result/series/fingerprint.ts";
import { type AcceptedChange, meantBy } from "../../verdict/accepted.ts";
import { type Format, parseDocument } from "../document/parse-document.ts";
import { inFolder, type Present, type RecordKind } from "./kind.ts";

/** `accepted/<name>.json`: a change of the numbers that a person accepted. */
export const Accepted = z.strictObject({
  schema: z.literal("pitwall.accepted/1"),
  series: z.string().trim().min(1).meta({
    description:
      "Names of the series that changed, a cell's id and a metric, as in latency-sweep/in_512_out_128_bs_1 latency_s; * stands for any characters.",
  }),
  from: z
    .string()
    .regex(RUN_ID)
    .meta({ description: "Id of the first run with the new numbers. Only series of its context are meant." }),
  why: z.string().trim().min(1).meta({ description: "Why the change is right." }),
  by: z.string().trim().min(1).optional().meta({ description: "Who accepted it." }),
  at: z.iso.datetime().optional().meta({ description: "When, in UTC." }),
});
export type Accepted = z.infer<typeof Accepted>;

const FOLDER = "accepted";
const format: Format<Accepted> = { schema: Accepted, family: "pitwall.accepted", version: 1 };

/** `accepted/20261122T064501Z-7f3a9c2e-0a1b2c3d.json`: the run and a fingerprint of the pattern, so that none is there twice. */
export function acceptedPath({ from, series }: Pick<Accepted, "from" | "series">): string {
  return `${FOLDER}/${from}-${fingerprint(series)}.json`;
}

export function serializeAccepted({ schema, series, from, why, by, at }: Accepted): string {
  return `${JSON.stringify({ schema, series, from, why, by, at }, null, 1)}\n`;
}

/** A record whose pattern means no series of its run. */
const isVain = (series: string, run: Run) => meantBy(series, run).length === 0;

const vainText = (series: string, from: string) =>
  `accepts “${series}”, which is the name of no series of the run ${from}`;

async function refuseVainPatterns(records: readonly Accepted[], present: Present): Promise<void> {
  const seen = await present.seen([...new Set(records.map(({ from }) => from))]);
  const runs = new Map(seen.map((run) => [run.id, run]));
  for (const { series, from } of records) {
    const run = runs.get(from);
    if (run !== undefined && isVain(series, run)) throw new UserError(`the record ${vainText(series, from)}`);
  }
}

export const ACCEPTED: RecordKind<Accepted, AcceptedChange & { file: string }> = {
  // Persons write such files by hand, too, so any name will do.
  ...inFolder(FOLDER, () => true),
  format,
  title: "accepted change",
  readme: { path: `${FOLDER}/<name>.json`, holds: "changes of the numbers that a person accepted, and why" },
  pathOf: acceptedPath,
  idOf: ({ from }) => from,
  serialize: serializeAccepted,
  parse: (text, file) => parseDocument(text, file, format),
  misplaced: () => null,
  unsound: () => null,
  twice: ({ series, from }, hasSameText) =>
    hasSameText ? null : new UserError(`${series} is accepted from ${from} on for two reasons: give one`),
  taken({ series, from }, { at, why }) {
    const when = at === undefined ? "" : `, on ${at.slice(0, 10)}`;
    return `${series} was already accepted from ${from} on${when}: ${why}`;
  },
  message(records) {
    const messages = records.map(({ series, from, why }) => commitWords`Accept ${series} from ${from} on\n\n${why}\n`);
    return commitLines(messages, "\n");
  },
  checkAdded: refuseVainPatterns,
  about: { run: ({ from }) => from, does: "accepts changes from" },
  // No number changes: only what later ones are held against.
  effect: { on: "nothing" },
  tell({ value: { series, from, why }, file }, runs) {
    // A hidden run still tells when and where the change was.
    const run = runs.get(from);
    return run === undefined ? null : { series, from: run, why, file };
  },
  shown: ({ series, from, why, file }) => ({
    ...{ series: shownText(series, MOST.argumentCharacters), from: shownRun(from), why: shownText(why), file },
  }),
  leftOut: () => null,
  // Nobody is told the series of a hidden run.
  flaw({ series, from, file }, runs) {
    const run = runs.get(from.id);
    return run !== undefined && isVain(series, run) ? { file, message: `${file} ${vainText(series, from.id)}` } : null;
  },
};
