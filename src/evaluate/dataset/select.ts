import { UserError } from "../../errors.ts";
import { nearNames } from "../../near-names.ts";
import type { Category, Instance } from "../instance.ts";

/** What of a dataset is evaluated: what meets all of these. */
export interface Selection {
  /** Undefined: all. */
  ids?: readonly string[] | undefined;
  /** Empty: of any category. */
  categories?: readonly Category[] | undefined;
  /** Groups of versions; empty: any. */
  groups?: readonly string[] | undefined;
  /** Part of what is left; the same parts each time, which together are all of it. */
  shard?: { index: number; count: number } | undefined;
}

/**
 * @param groupOf the group of versions that an instance is in
 * @returns in the order of the dataset
 * @throws UserError for an id that is not there, with those like it, and where nothing is left
 */
export function select(
  instances: readonly Instance[],
  { ids, categories = [], groups = [], shard }: Selection,
  groupOf: (instance: Instance) => string | undefined,
): Instance[] {
  if (ids !== undefined) checkIds(ids, instances);
  const asked = ids && new Set(ids);
  const chosen = instances.filter(
    (one) =>
      (asked === undefined || asked.has(one.id)) &&
      (categories.length === 0 || (one.category !== undefined && categories.includes(one.category))) &&
      (groups.length === 0 || groups.includes(groupOf(one) ?? "")),
  );
  if (chosen.length === 0)
    throw new UserError(
      `of ${instances.length} instances in the dataset none is of what --instances, --category and --version-group ask for together`,
    );
  const part = shard === undefined ? chosen : chosen.filter((_, at) => at % shard.count === shard.index - 1);
  if (part.length > 0) return part;
  throw new UserError(`of ${chosen.length} instances none is left for part ${shard?.index} of ${shard?.count}`);
}

function checkIds(ids: readonly string[], instances: readonly Instance[]): void {
  const known = new Set(instances.map(({ id }) => id));
  const strange = ids.find((id) => !known.has(id));
  if (strange === undefined) return;
  throw new UserError(`${strange} is not in the dataset; did you mean ${nearNames(strange, known)}?`);
}

/** Ids in the words of a flag or a file: with commas, spaces or line ends between them, a line with # is a remark. */
export const idsIn = (text: string): string[] =>
  text
    .split("\n")
    .filter((line) => !line.trimStart().startsWith("#"))
    .flatMap((line) => line.split(/[\s,]+/))
    .filter((id) => id !== "");
