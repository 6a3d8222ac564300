import { type CommitMessage, commitLines, commitWords } from "../../foreign-text/commit-message.ts";
import { counted } from "../../result/counted.ts";
import type { Run } from "../../result/document/run.ts";
import type { Accepted } from "../records/accepted.ts";
import { type Renaming, whatOf } from "../records/renaming.ts";
import type { Retraction } from "../records/retraction.ts";
import type { Document } from "./documents.ts";
import { runsOf } from "./documents.ts";

/** README.md of a new data branch. */
export const README = `# Benchmark history

This branch is a database of pitwall: one JSON document for each benchmark run of an LLM inference engine. It shares no
history with the source code, on purpose.

| file | holds |
|---|---|
| \`pitwall.json\` | the format of this branch, and whether runs of a real engine are on it |
| \`runs/<year>/<month>/<run id>.json\` | one run: what was measured, where, with what, and the numbers |
| \`packed/<year>/<month>.jsonl.gz\` | the runs of a month that is over, one a line; \`.ids\` beside it says which |
| \`retracted/<run id>.json\` | a run that no longer counts, and why; its document stays |
| \`renamed/<id>.json\` | another name for a host, a model, a GPU or a cell, and why; no document changes |
| \`accepted/<name>.json\` | changes of the numbers that a person accepted, and why |

\`pitwall publish\` adds documents and \`pitwall compact\` packs them, byte for byte; nothing changes or removes them, and
neither should you. Numbers of documents with \`"simulated":true\` come from pitwall's built-in simulator, not from a
machine; documents with a \`"source"\` were imported.
\`pitwall build-site --database REPOSITORY#BRANCH\` draws the charts.
`;

/** Of a commit whose documents are of one kind. */
export function commitMessage(added: readonly Document[]): CommitMessage {
  const runs = runsOf(added);
  const retractions = added.flatMap((document) => (document.kind === "retraction" ? [document.retraction] : []));
  const renamings = added.flatMap((document) => (document.kind === "renaming" ? [document.renaming] : []));
  const accepted = added.flatMap((document) => (document.kind === "accepted" ? [document.accepted] : []));
  if (runs.length > 0) return runMessage(runs);
  if (accepted.length > 0) return acceptedMessage(accepted);
  return retractions.length > 0 ? retractionMessage(retractions) : renamingMessage(renamings);
}

/** One line in front, then what each run holds. */
function runMessage(runs: readonly Run[]): CommitMessage {
  const [first, ...others] = runs;
  if (first !== undefined && others.length === 0) return commitWords`Add run ${describe(first)}\n`;
  return commitWords`Add ${runs.length} runs\n\n${commitLines(runs.map((run) => commitWords`- ${describe(run)}\n`))}`;
}

/** One line in front, then why. */
function retractionMessage(retractions: readonly Retraction[]): CommitMessage {
  const [first, ...others] = retractions;
  if (first !== undefined && others.length === 0) return commitWords`Retract run ${first.run}\n\n${first.why}\n`;
  const lines = retractions.map(({ run, why }) => commitWords`- ${run}: ${why}\n`);
  return commitWords`Retract ${retractions.length} runs\n\n${commitLines(lines)}`;
}

/** One line in front, then why. */
function renamingMessage(renamings: readonly Renaming[]): CommitMessage {
  const messages = renamings.map((renaming) => {
    const { from, to, why } = renaming;
    return commitWords`Rename ${whatOf(renaming)} ${String(from)} to ${String(to)}\n\n${why}\n`;
  });
  return commitLines(messages, "\n");
}

/** One line in front, then why. */
function acceptedMessage(records: readonly Accepted[]): CommitMessage {
  const messages = records.map(({ series, from, why }) => commitWords`Accept ${series} from ${from} on\n\n${why}\n`);
  return commitLines(messages, "\n");
}

/** Which months, and what that saves. */
export function compactMessage(
  months: readonly { month: string; runs: number; bytes: { before: number; after: number } }[],
): CommitMessage {
  const kilobytes = (bytes: number) => `${Math.ceil(bytes / 1000)} kB`;
  const lines = months.map(
    ({ month, runs, bytes }) =>
      commitWords`- ${month}: ${counted(runs, "run")}, ${kilobytes(bytes.before)} before, ${kilobytes(bytes.after)} after\n`,
  );
  const [first, ...others] = months;
  const which = others.length === 0 ? `the runs of ${first!.month}` : `the runs of ${months.length} months`;
  return commitWords`Pack ${which}\n\n${commitLines(lines)}\nEvery document comes out of its pack byte for byte; nothing was lost.\n`;
}

function describe({ id, engine, model, simulated, cells }: Run): string {
  const count = (status: string) => cells.filter((cell) => cell.status === status).length;
  const counts = ["ok", "failed", "skipped"]
    .map((status) => [count(status), status] as const)
    .filter(([number]) => number > 0)
    .map(([number, status]) => `${number} ${status}`);
  const kind = simulated && engine.kind !== "simulated" ? `${engine.kind}, simulated` : engine.kind;
  return `${id}: ${[kind, engine.version].filter(Boolean).join(" ")}, ${model.name}, ${counts.join(", ") || "no cells"}`;
}
