import { type Document, valuesOf } from "./document/documents.ts";
import { secondOf } from "./document/twins.ts";
import type { Present } from "./records/kind.ts";
import { KIND_NAMES, KINDS, type KindName } from "./records/kinds.ts";

/**
 * Holds documents that are to be added against what is there, as `verify` does it afterwards.
 * @throws UserError when the branch could not be verified with them
 */
export async function checkAdditions(added: readonly Document[], present: Present): Promise<void> {
  const check = <K extends KindName>(name: K) => KINDS[name].checkAdded(valuesOf(added, name), present);
  for (const name of KIND_NAMES) await check(name);
}

/** Those of them that began in the same second as another run, but are not that run. */
export function neighboursAmong(ids: Iterable<string>, of: readonly string[]): string[] {
  const [own, seconds] = [new Set(of), new Set(of.map(secondOf))];
  return [...ids].filter((id) => seconds.has(secondOf(id)) && !own.has(id));
}
