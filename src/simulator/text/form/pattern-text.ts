import { NoInstance } from "./no-instance.ts";

/** Longer texts are not made. */
const LONGEST = 4096;

/**
 * The shortest text that a regular expression matches, of its first branches: characters, classes, groups, `|`, repetitions
 * and anchors. Read by descent, one character after the other, so that no expression of others is run.
 * @throws NoInstance for all else, such as what looks around
 */
export function textOfPattern(pattern: string): string {
  const reader = new PatternReader(pattern);
  const text = reader.alternatives();
  if (!reader.isAtEnd()) throw reader.refusal("unmatched )");
  return text;
}

/** One character for each class that has a letter. */
const CLASSES: Record<string, string> = { d: "0", w: "a", s: " ", D: "a", W: " ", S: "a" };
const ESCAPES: Record<string, string> = { n: "\n", t: "\t", r: "\r", f: "\f", v: "\v", "0": "\0" };
/** Tried in this order when a class says what a character must not be. */
const CANDIDATES = [..."a0 _-AzZ9.,:;!?"];

class PatternReader {
  readonly #pattern: string;
  #at = 0;
  #depth = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  isAtEnd = () => this.#at >= this.#pattern.length;
  refusal = (what: string) => new NoInstance(`regex ${JSON.stringify(this.#pattern)}: ${what}`);

  /** The first branch; the others are read, to find where they end. */
  alternatives(): string {
    this.#depth += 1;
    if (this.#depth > 100) throw this.refusal("groups are nested too deeply");
    const text = this.#sequence();
    while (this.#skip("|")) this.#sequence();
    this.#depth -= 1;
    return text;
  }

  #sequence(): string {
    let text = "";
    while (!this.isAtEnd() && !"|)".includes(this.#peek())) {
      const piece = this.#piece();
      const least = this.#repetitions();
      if (text.length + piece.length * least > LONGEST) throw this.refusal("its text would be too long");
      text += piece.repeat(least);
    }
    return text;
  }

  #piece(): string {
    const character = this.#next();
    if (character === "(") return this.#group();
    if (character === "[") return this.#class();
    if (character === "\\") return this.#escaped();
    if (character === ".") return "a";
    if (character === "^" || character === "$") return "";
    if ("*+?".includes(character)) throw this.refusal("nothing to repeat");
    return character;
  }

  #group(): string {
    if (this.#skip("?") && !this.#skip(":")) throw this.refusal("only plain groups and (?: are known");
    const text = this.alternatives();
    if (!this.#skip(")")) throw this.refusal("unclosed group");
    return text;
  }

  #escaped(): string {
    if (this.isAtEnd()) throw this.refusal("ends with a backslash");
    const letter = this.#next();
    if (CLASSES[letter] !== undefined) return CLASSES[letter];
    if (ESCAPES[letter] !== undefined) return ESCAPES[letter];
    if (/[a-zA-Z0-9]/.test(letter)) throw this.refusal(`\\${letter} is not known`);
    return letter;
  }

  #class(): string {
    const isNegated = this.#skip("^");
    const ranges: [string, string][] = [];
    while (ranges.length === 0 || this.#peek() !== "]") {
      if (this.isAtEnd()) throw this.refusal("unclosed class");
      const from = this.#classCharacter();
      const isRange = this.#peek() === "-" && this.#pattern[this.#at + 1] !== "]" && this.#skip("-");
      ranges.push([from, isRange ? this.#classCharacter() : from]);
    }
    this.#next();
    if (!isNegated) return ranges[0]![0];
    const free = CANDIDATES.find((one) => !ranges.some(([low, high]) => low <= one && one <= high));
    if (free === undefined) throw this.refusal("no character is found for a negated class");
    return free;
  }

  #classCharacter(): string {
    const character = this.#next();
    return character === "\\" ? this.#escaped() : character;
  }

  /** How often at least. */
  #repetitions(): number {
    const least = this.#quantifier();
    if (least !== null) this.#skip("?");
    return least ?? 1;
  }

  #quantifier(): number | null {
    if (this.#skip("*") || this.#skip("?")) return 0;
    if (this.#skip("+")) return 1;
    const counts = /^\{(\d{1,6})(,\d{0,6})?\}/.exec(this.#pattern.slice(this.#at, this.#at + 20));
    if (counts === null) return null;
    this.#at += counts[0].length;
    return Number(counts[1]);
  }

  #peek = () => this.#pattern[this.#at] ?? "";

  #next(): string {
    const character = String.fromCodePoint(this.#pattern.codePointAt(this.#at) as number);
    this.#at += character.length;
    return character;
  }

  #skip(character: string): boolean {
    if (this.#peek() !== character) return false;
    this.#at += 1;
    return true;
  }
}
