import { type CommitMessage, commitLines, commitWords } from "../../foreign-text/commit-message.ts";
import { counted } from "../../result/counted.ts";
import { KINDS, type KindName } from "../records/kinds.ts";
import { type Document, valuesOf } from "./documents.ts";

/** The message of a commit whose documents are all of one kind. */
export function commitMessage(added: readonly Document[]): CommitMessage {
  return messageOf(added[0]!.kind, added);
}

const messageOf = <K extends KindName>(name: K, added: readonly Document[]): CommitMessage =>
  KINDS[name].message(valuesOf(added, name));

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
