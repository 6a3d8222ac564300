import { UserError } from "../../errors.ts";
import { addRecord, type Found, noRecords } from "../records/applied.ts";
import { KINDS, type KindName, type KindValues, kindAt, type Valued } from "../records/kinds.ts";
import { type DatabaseMarker, parseMarker } from "./database-marker.ts";
import { kindOfPath } from "./layout.ts";
import { checkSize } from "./text-file.ts";

/** What a file of the branch says, by its kind. */
type Parsed = Valued | { kind: "marker"; value: DatabaseMarker };

/**
 * Reads a text as what its path says that it is. Readers judge every file of a branch by it, and whoever appends judges by it
 * what is about to be written: so nothing gets there that no reader would take.
 * @returns null for a file that readers do not open: a pack, the README, files of an older history, hidden ones
 * @throws UserError naming the file and what is wrong with it
 */
export function parseAt(path: string, text: string): Parsed | null {
  const kind = kindAt(path);
  if (kind !== null) return { kind, value: valueAt(kind, path, text) } as Valued;
  switch (kindOfPath(path)) {
    case "unknown":
      throw new UserError(`${path} does not belong on a data branch`);
    case "marker":
      return { kind: "marker", value: parseMarker(text, path) };
    default:
      return null;
  }
}

export interface PlacedText {
  path: string;
  text: string;
}

/** The records that these files are. @throws UserError naming one that is none, or damaged */
export function recordsOf(files: readonly PlacedText[]): Found {
  const found = noRecords();
  for (const { path, text } of files) {
    const parsed = parseAt(path, text);
    if (parsed !== null && parsed.kind !== "marker" && parsed.kind !== "run") addRecord(found, parsed, path);
  }
  return found;
}

function valueAt<K extends KindName>(name: K, path: string, text: string): KindValues[K] {
  const kind = KINDS[name];
  const value = kind.parse(text, path);
  const problem = kind.misplaced(value, path);
  if (problem !== null) throw new UserError(problem);
  return value;
}

/**
 * Looks at a document before it is written as a reader will afterwards.
 * @returns what it says, in the one spelling that it has once it was read
 * @throws UserError when the branch could not be verified with it
 */
export function checkedAt<K extends KindName>(name: K, path: string, text: string): KindValues[K] {
  checkSize(Buffer.byteLength(text), path);
  if (kindAt(path) !== name) throw new UserError(`${path} is the place of no ${KINDS[name].title}`);
  const value = valueAt(name, path, text);
  const problem = KINDS[name].unsound(value, text);
  if (problem !== null) throw new UserError(problem);
  return value;
}
