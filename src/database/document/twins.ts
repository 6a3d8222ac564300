import { createHash } from "node:crypto";
import type { Run } from "../../result/document/run.ts";
import { byName } from "./document.ts";

/**
 * What makes two documents the same measurement: beginning, machine and cells, as a short name of them. Under two ids it
 * would count twice. Names that were given later change nothing of it.
 * @returns null for a run without numbers, which has nothing to count
 */
export function measurementOf({ startedAt, host, cells }: Run): string | null {
  if (!cells.some(({ status }) => status === "ok")) return null;
  const inOrder = cells.map((cell) => ({ ...cell, params: byName(cell.params) }));
  return createHash("sha256")
    .update(JSON.stringify([startedAt, host, inOrder]))
    .digest("base64");
}

/** Only a run that began in the same second can be the same measurement: `20261122T064501Z-` begins the ids of both. */
export const secondOf = (id: string) => id.slice(0, id.indexOf("-") + 1);
