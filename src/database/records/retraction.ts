import { z } from "zod";
import { UsageError } from "../../errors.ts";
import { commitLines, commitWords } from "../../foreign-text/commit-message.ts";
import { shownText } from "../../result/checks/shown-run.ts";
import { RUN_ID } from "../../result/document/run.ts";
import { type Format, parseDocument } from "../document/parse-document.ts";
import { inFolder, type RecordKind } from "./kind.ts";

/** `retracted/<run id>.json`: takes a run out of every reader's sight, while its document stays where it is. */
export const Retraction = z.strictObject({
  schema: z.literal("pitwall.retraction/1"),
  run: z.string().regex(RUN_ID).meta({ description: "Id of the run that no longer counts." }),
  why: z.string().trim().min(1).meta({ description: "Said by whoever retracted it." }),
  at: z.iso.datetime().meta({ description: "When, in UTC." }),
});
export type Retraction = z.infer<typeof Retraction>;

const FOLDER = "retracted";
const format: Format<Retraction> = { schema: Retraction, family: "pitwall.retraction", version: 1 };

/** `20261122T064501Z-7f3a9c2e` → `retracted/20261122T064501Z-7f3a9c2e.json` */
export function retractionPath(run: string): string {
  return `${FOLDER}/${run}.json`;
}

export function serializeRetraction({ schema, run, why, at }: Retraction): string {
  return `${JSON.stringify({ schema, run, why, at }, null, 1)}\n`;
}

export const RETRACTION: RecordKind<Retraction> = {
  ...inFolder(FOLDER, (name) => RUN_ID.test(name)),
  format,
  title: "retraction",
  readme: { path: `${FOLDER}/<run id>.json`, holds: "a run that no longer counts, and why; its document stays" },
  pathOf: ({ run }) => retractionPath(run),
  idOf: ({ run }) => run,
  serialize: serializeRetraction,
  parse: (text, file) => parseDocument(text, file, format),
  misplaced: ({ run }, path) => (path === retractionPath(run) ? null : `${path} retracts another run, ${run}`),
  unsound: () => null,
  twice: ({ run }) => new UsageError(`the run ${run} is named twice`),
  taken: ({ run }, { at, why }) => `the run ${run} was already retracted, on ${at.slice(0, 10)}: ${why}`,
  message(retractions) {
    const [first, ...others] = retractions;
    if (first !== undefined && others.length === 0) return commitWords`Retract run ${first.run}\n\n${first.why}\n`;
    const lines = retractions.map(({ run, why }) => commitWords`- ${run}: ${why}\n`);
    return commitWords`Retract ${retractions.length} runs\n\n${commitLines(lines)}`;
  },
  checkAdded: async () => undefined,
  about: { run: ({ run }) => run, does: "retracts" },
  effect: { on: "presence", hides: ({ run }) => run, pathFor: retractionPath },
  tell: ({ value }) => value,
  shown: (one) => ({ ...one, why: shownText(one.why) }),
  leftOut: ({ run, at, why }) => `the run ${run}, retracted on ${at.slice(0, 10)}: ${shownText(why)}`,
  flaw: () => null,
};
