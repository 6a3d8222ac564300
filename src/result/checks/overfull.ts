import { MOST } from "../../foreign-text/limits.ts";
import type { Inconsistency } from "./inconsistency.ts";

interface Place {
  value: object;
  /** Where it stands in what. */
  key?: PropertyKey;
  parent?: Place;
}

/** Twice the most that any has: of a little more than it may have, each list is told by its own name. */
export const FULL = 2 * MOST.repeats;

/**
 * A list or map with more entries than any that a document has, looked for before the schema is: that one would find a mistake
 * in each, and take seconds for a file of megabytes. How many a list of its kind may have, others say afterwards.
 * @param document as it was parsed, of any form
 */
export function overfull(document: unknown): Inconsistency | undefined {
  const left: Place[] = [];
  const enter = (value: unknown, place: Omit<Place, "value">) => {
    if (typeof value === "object" && value !== null) left.push({ ...place, value });
  };
  enter(document, {});
  for (let place = left.pop(); place !== undefined; place = left.pop()) {
    const { value } = place;
    const keys = Array.isArray(value) ? value.keys() : Object.keys(value);
    const count = Array.isArray(value) ? value.length : Object.keys(value).length;
    if (count > FULL) return { path: pathOf(place), text: wordsFor(count) };
    for (const key of keys) enter((value as Record<PropertyKey, unknown>)[key], { key, parent: place });
  }
  return undefined;
}

function pathOf({ key, parent }: Place): PropertyKey[] {
  return parent === undefined ? [] : [...pathOf(parent), key!];
}

const number = (value: number) => value.toLocaleString("en");
const wordsFor = (count: number) => `has ${number(count)} entries, more than any list or map of a document may have`;
