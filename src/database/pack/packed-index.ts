import { UserError } from "../../errors.ts";
import { RUN_ID } from "../../result/document/run.ts";

/*
 * `packed/2026/2026-10.jsonl.gz` holds the run documents of a month, `packed/2026/2026-10.ids` says which: small enough for
 * every append to look at, so that a run which is packed is known without reading the pack.
 */

export const PACK_FOLDER = "packed";

/** A run document in a pack. */
export interface PackedDocument {
  id: string;
  /** The name that git gives to its text: the very blob that lay in `runs/` before. */
  blob: string;
}

const PACK_FILE = /^packed\/(\d{4})\/(\1-(?:0[1-9]|1[0-2]))\.(jsonl\.gz|ids)$/;

/** `20261022T064501Z-7f3a9c2e` → `2026-10` */
export function monthOf(id: string): string {
  return `${id.slice(0, 4)}-${id.slice(4, 6)}`;
}

/** @param month as in `2026-10`; a year below the top, so that an append which fetches years does not fetch packs */
export function packPath(month: string): string {
  return `packed/${month.slice(0, 4)}/${month}.jsonl.gz`;
}

export function packIndexPath(month: string): string {
  return `packed/${month.slice(0, 4)}/${month}.ids`;
}

/** What a file of the packs is by its path; null for any other file. */
export function packFileOf(path: string): { kind: "pack" | "pack-index"; month: string } | null {
  const [, , month, ending] = PACK_FILE.exec(path) ?? [];
  return month === undefined ? null : { kind: ending === "ids" ? "pack-index" : "pack", month };
}

/** A line a document, in the order of the ids: `<run id> <blob>`. */
export function serializePackIndex(documents: readonly PackedDocument[]): string {
  return documents.map(({ id, blob }) => `${id} ${blob}\n`).join("");
}

/** @throws UserError naming the file and the line */
export function parsePackIndex(text: string, file: string): PackedDocument[] {
  const lines = text.split("\n");
  if (lines.pop() !== "") throw new UserError(`${file} does not end with a whole line`);
  let before = "";
  return lines.map((line, i) => {
    const [id = "", blob = "", ...rest] = line.split(" ");
    const where = `${file}, line ${i + 1},`;
    if (!RUN_ID.test(id) || !/^[0-9a-f]{40}$/.test(blob) || rest.length > 0) {
      throw new UserError(`${where} is not the id of a run and the name of a blob`);
    }
    if (id <= before) throw new UserError(`${where} breaks the order: ${id} is not after ${before}`);
    before = id;
    return { id, blob };
  });
}
