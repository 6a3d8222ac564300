import { type Profiler, Session } from "node:inspector";
import { setFlagsFromString } from "node:v8";

/*
 * How much work a reader does, without a clock. Two things are counted: the blocks of our own code that ran, as V8 counts
 * them for its coverage (each turn of a loop is one), and the bytes or characters that built-in functions were given to go
 * through, which V8 runs without a block of ours. A pattern is taken as linear in what it went through: a test of its own
 * refuses all others.
 */

type Counted = [
  owner: object,
  names: readonly string[],
  cost: (self: Sized, args: unknown[], result: unknown) => number,
];
type Sized = { length: number };

const found = (self: Sized, [, from = 0]: unknown[], result: unknown) => {
  const start = typeof from === "number" ? from : 0;
  return Math.max(1, (typeof result === "number" && result >= 0 ? result + 1 : self.length) - start);
};
const whole = (self: Sized) => self.length;
const made = (_self: Sized, _args: unknown[], result: unknown) => 1 + ((result as Sized | undefined)?.length ?? 0);
const decoded = (self: Sized, [, start = 0, end = self.length]: unknown[]) => Math.max(1, Number(end) - Number(start));

const BUILT_IN: Counted[] = [
  [Buffer.prototype, ["indexOf", "includes", "lastIndexOf"], found],
  [Buffer.prototype, ["toString"], decoded],
  [Buffer.prototype, ["copy"], (_self, _args, result) => 1 + Number(result)],
  [Buffer, ["allocUnsafe", "concat"], made],
  [String.prototype, ["indexOf", "includes", "startsWith"], found],
  [String.prototype, ["split", "trim", "trimEnd", "trimStart", "toLowerCase", "replaceAll"], whole],
  [String.prototype, ["slice"], () => 1],
  [Array.prototype, ["join"], made],
  [JSON, ["parse"], (_self, [text]) => String(text).length],
  [RegExp.prototype, ["exec"], () => 0],
];

/** Characters that a pattern went through from its place on; one that is bound to a place ends there when it fails. */
function searched(pattern: RegExp, text: string, from: number, result: RegExpExecArray | null): number {
  if (result !== null) return Math.max(1, result.index + result[0].length - from);
  return pattern.sticky || pattern.source.startsWith("^") ? 1 : Math.max(1, text.length - from);
}

function patch(owner: object, name: string, cost: Counted[2], add: (bytes: number) => void): () => void {
  const table = owner as Record<string, (...args: unknown[]) => unknown>;
  const original = table[name]!;
  table[name] = function (this: Sized, ...args: unknown[]) {
    const from = (this as unknown) instanceof RegExp ? placeOf(this as unknown as RegExp) : 0;
    const result = original.apply(this, args);
    const isPattern = (this as unknown) instanceof RegExp;
    add(isPattern ? searched(this as never, String(args[0]), from, result as never) : cost(this, args, result));
    return result;
  };
  return () => {
    table[name] = original;
  };
}

const placeOf = ({ global, sticky, lastIndex }: RegExp) => (global || sticky ? lastIndex : 0);

// From now on, and for good: V8 counts the blocks of what it compiles after this. So import readers behind this file.
// Calls that a compiler puts in place of themselves would not be counted.
setFlagsFromString("--no-opt");
setFlagsFromString("--no-maglev");
const session = new Session();
session.connect();
session.post("Profiler.enable");
session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });

/** @returns what it took to run it */
export function stepsOf(run: () => unknown): number {
  let bytes = 0;
  const add = (more: number) => {
    bytes += more;
  };
  const restore = BUILT_IN.flatMap(([owner, names, cost]) => names.map((name) => patch(owner, name, cost, add)));
  blocksOf(session);
  try {
    run();
  } finally {
    for (const back of restore) back();
  }
  return bytes + blocksOf(session);
}

/** Since the last call. */
function blocksOf(session: Session): number {
  let coverage: Profiler.ScriptCoverage[] = [];
  session.post("Profiler.takePreciseCoverage", (error, { result }) => {
    if (error) throw error;
    coverage = result;
  });
  const own = coverage.filter(({ url }) => url.includes("/src/") && !url.includes("node_modules"));
  const ranges = own.flatMap(({ functions }) => functions.flatMap((one) => one.ranges));
  return ranges.reduce((sum, { count }) => sum + count, 0);
}
