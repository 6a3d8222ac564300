import { distance } from "fastest-levenshtein";

/** Fewer than a reader takes in at a glance, and enough to have the right one among them. */
const SHOWN = 3;
/** A text of any length is compared with every name. */
const LONGEST = 200;

/** The known names that are nearest to what was written, the nearest first: `“v0.5”, “v0.6” or “v0.4”`. */
export function nearNames(written: string, known: Iterable<string>): string {
  const given = written.slice(0, LONGEST);
  const ranked = [...known].map((name) => ({ name, rank: rankOf(given, name) })).toSorted((a, b) => a.rank - b.rank);
  const quoted = ranked.slice(0, SHOWN).map(({ name }) => `“${name}”`);
  if (quoted.length < 2) return quoted[0] ?? "none, for there are none";
  return `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
}

/** A name that goes on after what was written is nearest, then the fewest changes, then the longest common beginning. */
function rankOf(given: string, name: string): number {
  if (given !== "" && name.startsWith(given)) return -1;
  let common = 0;
  while (common < given.length && given[common] === name[common]) common += 1;
  return distance(given, name) - common / (given.length + 1);
}
