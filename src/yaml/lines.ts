import {
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  type ParsedNode,
  parseDocument,
  visit,
  type YAMLMap,
} from "yaml";

/** A file of JSON or YAML, and where in it what stands. */
export interface Lines {
  /** What keeps it from being read, with its line, from 1. */
  problems: { line: number; text: string }[];
  /** Line, from 1, of the value at a path: of its name in a map; of what is missing, of the map that it is missing in. */
  lineOf(path: readonly PropertyKey[]): number;
}

/** @param text also JSON: YAML holds it whole */
export function linesOf(text: string): Lines {
  const counter = new LineCounter();
  const { contents, errors } = parseDocument(text, { lineCounter: counter, prettyErrors: false, uniqueKeys: false });
  const lineAt = (offset: number) => counter.linePos(offset).line;
  const wrong = errors.map(({ pos, message }) => ({ line: lineAt(pos[0]), text: message }));
  // The parser's own check compares each name with each.
  const twice = wrong.length > 0 ? [] : repeatedNames(contents);
  return {
    problems: [
      ...wrong,
      ...twice.map(({ name, offset }) => ({ line: lineAt(offset), text: `${name} is there twice` })),
    ],
    lineOf: (path) => lineAt(offsetOf(contents, path)),
  };
}

/** Names that a map has already where they stand again. */
function repeatedNames(root: ParsedNode | null): { name: string; offset: number }[] {
  const repeated: { name: string; offset: number }[] = [];
  visit(root, {
    Map(_, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (seen.has(key.value)) repeated.push({ name: String(key.value), offset: startOf(key, 0) });
        seen.add(key.value);
      }
    },
  });
  return repeated;
}

function offsetOf(root: ParsedNode | null, path: readonly PropertyKey[]): number {
  let node: unknown = root;
  let offset = startOf(root, 0);
  for (const key of path) {
    const [next, at] = stepInto(node, key);
    if (next === undefined) return offset;
    node = next;
    offset = startOf(at, offset);
  }
  return offset;
}

type Pairs = Map<string, Pair<Node, unknown>>;
/** By name: a file with many mistakes is asked for as many. */
const found = new WeakMap<YAMLMap<Node, unknown>, Pairs>();

function pairsOf(map: YAMLMap<Node, unknown>): Pairs {
  const known = found.get(map);
  if (known !== undefined) return known;
  // A name that stands twice counts where it stands first.
  const named = map.items.toReversed().map((pair) => [String((pair.key as { value?: unknown }).value), pair] as const);
  const pairs: Pairs = new Map(named);
  found.set(map, pairs);
  return pairs;
}

/** @returns the value at a key, and what begins where it stands */
function stepInto(node: unknown, key: PropertyKey): [unknown, unknown] {
  if (isMap<Node, unknown>(node)) {
    const pair = pairsOf(node).get(String(key));
    return pair === undefined ? [undefined, undefined] : [pair.value ?? null, pair.key];
  }
  if (isSeq(node) && typeof key === "number") return [node.items[key], node.items[key]];
  return [undefined, undefined];
}

const startOf = (node: unknown, otherwise: number) => (isNode(node) && node.range ? node.range[0] : otherwise);
