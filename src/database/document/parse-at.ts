import { UserError } from "../../errors.ts";
import { inconsistencies } from "../../result/checks/inconsistencies.ts";
import type { Run } from "../../result/document/run.ts";
import type { Accepted } from "../records/accepted.ts";
import { type Renaming, renamingPath } from "../records/renaming.ts";
import { type Retraction, retractionPath } from "../records/retraction.ts";
import { parseAccepted, parseMarker, parseRenaming, parseRetraction, parseRun } from "./document.ts";
import { type DatabaseMarker, kindOfPath } from "./layout.ts";
import { checkSize } from "./text-file.ts";

/** What a file of the branch says, by its kind. */
export type Parsed =
  | { kind: "marker"; marker: DatabaseMarker }
  | { kind: "run"; run: Run }
  | { kind: "retraction"; retraction: Retraction }
  | { kind: "renaming"; renaming: Renaming }
  | { kind: "accepted"; accepted: Accepted };

/**
 * Reads a text as what its path says that it is. Readers judge every file of a branch by it, and whoever appends judges by it
 * what is about to be written: so nothing gets there that no reader would take.
 * @returns null for a file that readers do not open: a pack, the README, files of an older history, hidden ones
 * @throws UserError naming the file and what is wrong with it
 */
export function parseAt(path: string, text: string): Parsed | null {
  const kind = kindOfPath(path);
  switch (kind) {
    case "unknown":
      throw new UserError(`${path} does not belong on a data branch`);
    case "marker":
      return { kind, marker: parseMarker(text, path) };
    case "run":
      return { kind, run: runAt(path, parseRun(text, path)) };
    case "retraction": {
      const retraction = parseRetraction(text, path);
      if (path === retractionPath(retraction.run)) return { kind, retraction };
      throw new UserError(`${path} retracts another run, ${retraction.run}`);
    }
    case "renaming": {
      const renaming = parseRenaming(text, path);
      if (path === renamingPath(renaming)) return { kind, renaming };
      throw new UserError(`${path} was changed since it was written`);
    }
    case "accepted":
      return { kind, accepted: parseAccepted(text, path) };
    case "pack":
    case "pack-index":
    case "readme":
    case "legacy":
    case "hidden":
      return null;
    default:
      return kind satisfies never;
  }
}

function runAt(path: string, run: Run): Run {
  if (!path.endsWith(`/${run.id}.json`)) throw new UserError(`${path} holds a run with another id, ${run.id}`);
  if (run.renamed !== undefined) throw new UserError(`${path} holds a run as a reader shows it, with other names`);
  return run;
}

/** What is wrong with a run document of the right form, a sentence each, to stand behind its name. */
export function flawsOf(run: Run, text: string): string[] {
  const isChanged = text.includes("\r\n");
  const lineEnds = "has line ends of Windows (CRLF): its bytes were changed on the way";
  return [...(isChanged ? [lineEnds] : []), ...inconsistencies(run).map(({ text: flaw }) => flaw)];
}

/**
 * Looks at a document before it is written as a reader will afterwards.
 * @returns what it says, in the one spelling that it has once it was read
 * @throws UserError when the branch could not be verified with it
 */
export function checkedAt(path: string, text: string): Exclude<Parsed, { kind: "marker" }> {
  checkSize(Buffer.byteLength(text), path);
  const parsed = parseAt(path, text);
  if (parsed === null || parsed.kind === "marker") throw new UserError(`${path} is the place of no document`);
  if (parsed.kind !== "run") return parsed;
  const [flaw] = flawsOf(parsed.run, text);
  if (flaw === undefined) return parsed;
  throw new UserError(`the run ${parsed.run.id} ${flaw}; documents never change: mend it first`);
}
