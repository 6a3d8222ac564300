import { cut, LIMITS, limitOf, MOST } from "../../foreign-text/limits.ts";
import type { RunHead } from "../document/run.ts";
import { fingerprint } from "../series/fingerprint.ts";

/**
 * What stays whole: numbers, and texts that tell series and cells apart part by part, of which a document has only so much
 * ({@link MOST}) whatever version wrote it.
 */
const WHOLE: ReadonlySet<string> = new Set([
  "args",
  "params",
  "id",
  "logTailOf",
  "metrics",
  "repeats",
  "shape",
  "values",
]);

/** A name in a renaming may be all arguments of an engine. */
const LIMIT_OF: Record<string, number> = { from: 2 * MOST.argumentCharacters, to: 2 * MOST.argumentCharacters };

/**
 * A stored run as one to show: what wrote it may have known no {@link LIMITS}. Of a longer text the rest is said by its length
 * and a fingerprint, so that texts are equal if they were, and every series is what it was. A text within the limits, or cut to
 * them before, is left.
 * @returns the very same run when nothing of it is too long
 */
export function shownRun<R extends RunHead>(run: R): R {
  return shown(run, "") as R;
}

function shown(value: unknown, key: string): unknown {
  if (typeof value === "string") return shownText(value, LIMIT_OF[key] ?? limitOf(key));
  if (typeof value !== "object" || value === null || WHOLE.has(key)) return value;
  if (Array.isArray(value))
    return sameUnless(
      value,
      value.map((one) => shown(one, key)),
    );
  const entries = Object.entries(value);
  const texts = sameUnless(
    entries,
    entries.map((entry) => sameUnless(entry, [entry[0], shown(entry[1], entry[0])])),
  );
  return texts === entries ? value : Object.fromEntries(texts);
}

/** Most documents have nothing to cut, and branches have thousands of them. */
function sameUnless<T extends readonly unknown[]>(before: T, after: T): T {
  return after.every((one, at) => one === before[at]) ? before : after;
}

/** For what {@link cut} says of the rest, and the fingerprint behind it. */
const ROOM = 50;

export function shownText(text: string, limit: number = LIMITS.text): string {
  return text.length <= limit + ROOM ? text : `${cut(text, limit)} [${fingerprint(text)}]`;
}
