import { UserError } from "../../errors.ts";
import { KINDS, type KindName, type Valued } from "../records/kinds.ts";
import type { Document } from "./documents.ts";

/**
 * Compares a document with the other text that lies under its path.
 * @param place where that text lies, if not at the path
 * @throws UserError when they do not say the same, or when the other one came there by way of Windows line ends
 */
export function checkSame(document: Document, there: string, place = document.path): void {
  if (there.includes("\r\n")) {
    throw new UserError(
      `${place} has line ends of Windows (CRLF): its bytes were changed on the way. Nothing was published`,
    );
  }
  const problem = difference(document, there, { path: document.path, place });
  if (problem !== null) throw new UserError(problem);
}

function difference<K extends KindName>(
  { kind, value }: Valued<K>,
  there: string,
  { path, place }: { path: string; place: string },
): string | null {
  return KINDS[kind].taken(value, KINDS[kind].parse(there, path), place);
}
