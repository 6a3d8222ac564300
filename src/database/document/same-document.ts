import { UserError } from "../../errors.ts";
import type { Run } from "../../result/document/run.ts";
import { parseAccepted, parseRetraction, parseRun, serializeRun } from "./document.ts";
import type { Document } from "./documents.ts";

/**
 * Compares a document with the other text that lies under its path.
 * @param place where that text lies, if not at the path
 * @throws UserError when they do not say the same, or when the other one came there by way of Windows line ends
 */
export function checkSame(document: Document, there: string, place = document.path): void {
  const { id, path } = document;
  if (there.includes("\r\n")) {
    throw new UserError(
      `${place} has line ends of Windows (CRLF): its bytes were changed on the way. Nothing was published`,
    );
  }
  switch (document.kind) {
    case "run":
      if (saysTheSame(document.run, parseRun(there, path))) return;
      throw new UserError(
        `the run ${id} is already on the branch with another content, and documents never change: ` +
          `compare ${place} there with yours`,
      );
    case "retraction": {
      const { at, why } = parseRetraction(there, path);
      throw new UserError(`the run ${id} was already retracted, on ${at.slice(0, 10)}: ${why}`);
    }
    case "accepted": {
      const { at, why } = parseAccepted(there, path);
      const when = at === undefined ? "" : `, on ${at.slice(0, 10)}`;
      throw new UserError(`${document.accepted.series} was already accepted from ${id} on${when}: ${why}`);
    }
    case "renaming":
      throw new UserError(`${path} is taken by another record; rename once more`);
    default:
      document satisfies never;
  }
}

/** A document that somebody laid out by hand is still the same, and so are numbers that came by way of another file. */
function saysTheSame(run: Run, there: Run): boolean {
  const wereBothImported = run.source !== undefined && there.source !== undefined;
  const source = wereBothImported ? undefined : run.source;
  return serializeRun(wereBothImported ? { ...there, source } : there) === serializeRun({ ...run, source });
}
