import type { Lines } from "../../yaml/lines.ts";

/** What an entry of a map or list has in the text: where it begins, with its name, and where its value does. */
interface Entry {
  at: number;
  value: number;
}
type Entries = Map<string, Entry>;

/**
 * Where in a JSON text what stands, without a tree of it: only maps and lists on the way to a path are gone through, each once.
 * A name that stands twice counts where it stands last, as it does for JSON.parse.
 * @param text that JSON.parse took
 */
export function jsonLinesOf(text: string): Pick<Lines, "lineOf"> {
  const known = new Map<number, Entries>();
  const lineAt = lineCounter(text);
  const entriesAt = (value: number): Entries => {
    const entries = known.get(value) ?? entriesOf(text, value);
    known.set(value, entries);
    return entries;
  };
  return {
    lineOf(path) {
      const root = spaceEnd(text, 0);
      let place: Entry = { at: root, value: root };
      for (const key of path) {
        const next = entriesAt(place.value).get(String(key));
        if (next === undefined) break;
        place = next;
      }
      return lineAt(place.at);
    },
  };
}

/** None of a value that holds no others. */
function entriesOf(text: string, value: number): Entries {
  const entries: Entries = new Map();
  const isMap = text[value] === "{";
  if (!isMap && text[value] !== "[") return entries;
  let at = spaceEnd(text, value + 1);
  while (text[at] !== "}" && text[at] !== "]") {
    const entry = isMap ? namedEntry(text, at) : { name: String(entries.size), at, value: at };
    entries.set(entry.name, entry);
    at = spaceEnd(text, valueEnd(text, entry.value));
    if (text[at] === ",") at = spaceEnd(text, at + 1);
  }
  return entries;
}

function namedEntry(text: string, at: number): Entry & { name: string } {
  const end = stringEnd(text, at);
  const colon = spaceEnd(text, end);
  return { name: JSON.parse(text.slice(at, end)), at, value: spaceEnd(text, colon + 1) };
}

const NO_SPACE = /[^ \t\n\r]/g;
const spaceEnd = (text: string, from: number) => indexOf(NO_SPACE, text, from);

const SCALAR_END = /[\s,\]}]/g;
const BRACKET_OR_QUOTE = /["[\]{}]/g;

function valueEnd(text: string, from: number): number {
  if (text[from] === '"') return stringEnd(text, from);
  if (text[from] !== "{" && text[from] !== "[") return indexOf(SCALAR_END, text, from);
  let depth = 0;
  let at = from;
  do {
    at = indexOf(BRACKET_OR_QUOTE, text, at);
    if (text[at] === '"') {
      at = stringEnd(text, at);
      continue;
    }
    depth += text[at] === "{" || text[at] === "[" ? 1 : -1;
    at++;
  } while (depth > 0);
  return at;
}

const QUOTE_OR_ESCAPE = /["\\]/g;

function stringEnd(text: string, from: number): number {
  let at = indexOf(QUOTE_OR_ESCAPE, text, from + 1);
  while (text[at] === "\\") at = indexOf(QUOTE_OR_ESCAPE, text, at + 2);
  return at + 1;
}

/** The end of the text where nothing matches. @param pattern with the flag g */
function indexOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex - 1 : text.length;
}

const BLOCK = 65_536;

/** Counts line feeds once, block by block, and then within one block for each place. */
function lineCounter(text: string): (offset: number) => number {
  const before = [0];
  for (let start = 0; start < text.length; start += BLOCK)
    before.push(before.at(-1)! + feedsIn(text, start, start + BLOCK));
  return (offset) => {
    const block = Math.floor(offset / BLOCK);
    return 1 + before[block]! + feedsIn(text, block * BLOCK, offset);
  };
}

const feedsIn = (text: string, start: number, end: number) => text.slice(start, end).split("\n").length - 1;
