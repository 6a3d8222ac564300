import { UsageError } from "../errors.ts";

/** What stands behind a word in a name: a number, or a text that may be one of two (`8k`: 8000 or 8192). */
type NameNumber = { kind: "number"; value: number } | { kind: "unclear"; text: string };

/**
 * The number that stands behind a word in a name: `in_300_out_100.json` → in: 300. What tools mean by `8k` differs
 * (8192 in InferenceX, 8000 elsewhere), and `1_024` may be one number or two, so neither is read.
 * @param word a pattern, as in `bs_?`
 */
function numberAfter(word: string, name: string): NameNumber | undefined {
  const found = new RegExp(`(?:^|[^A-Za-z0-9])${word}(\\d+)(.*)$`, "s").exec(name);
  if (found === null) return undefined;
  const [, digits, rest] = found as unknown as [string, string, string];
  const unclear =
    /^(?:\.\d+)?[A-Za-z][A-Za-z0-9]*|^\.\d+|^,\d+/.exec(rest) ?? (digits.length <= 3 ? grouped(rest) : null);
  if (unclear !== null) return { kind: "unclear", text: digits + unclear[0] };
  return { kind: "number", value: Number(digits) };
}

/** Thousands as Python writes them. */
const grouped = (rest: string) => /^(?:_\d{3})+(?![A-Za-z0-9])/.exec(rest);

/** @throws UsageError when the name holds what may be one of two numbers, and nobody says which */
export function numberInName(word: string, name: string, given: number | undefined, option: string) {
  const found = numberAfter(word, name);
  if (found?.kind === "number") return found.value;
  if (found === undefined || given !== undefined) return given;
  throw new UsageError(
    `the name of ${name} says “${found.text}”, which may be one of two numbers: give the one that it was with ${option}`,
  );
}
