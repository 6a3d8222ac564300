import { endlessScript, type FinishReason, type Script, writtenScript } from "./script.ts";
import { showing, type Token } from "./tokens.ts";
import { controlToken } from "./words.ts";

/** What a choice would say if nothing stopped it. */
export interface Draft {
  /** In this order… */
  tokens: readonly Token[];
  /** …and then: nothing, or these words again and again. */
  words: readonly Token[];
  /** Whether it ends with its tokens; `strictly` also where a request would have more of them. */
  ends: "never" | "freely" | "strictly";
  finish: FinishReason;
}

/** What a request says of the end of an answer. */
export interface Limits {
  maxTokens: number;
  /** No end and no stop before so many tokens. */
  minTokens: number;
  ignoreEos: boolean;
  stop: readonly string[];
  showStop: boolean;
  stopIds: ReadonlySet<number>;
}

const END = controlToken("end of text");

/** The tokens of a draft up to the first thing that ends them: its own end, a stop string, a stop token, their number. */
export function writeScript(draft: Draft, limits: Limits): Script {
  const { maxTokens, stop, stopIds } = limits;
  const isPlain = draft.tokens.length === 0 && draft.ends === "never" && stop.length === 0 && stopIds.size === 0;
  if (isPlain) return endlessScript(draft.words, maxTokens);
  const tokens: Token[] = [];
  const text = new StoppedText(limits);
  for (const token of tokensOf(draft, limits)) {
    tokens.push(token);
    const found = text.add(token, tokens.length);
    if (found !== null) return writtenScript(cutAt(found.end, tokens), "stop", found.stop);
    if (stopIds.has(token.id) && tokens.length > limits.minTokens) {
      return writtenScript(limits.showStop ? tokens : [...tokens.slice(0, -1), showing(token, "")], "stop", token.id);
    }
    if (token === END) return writtenScript(tokens, draft.finish);
    if (tokens.length === maxTokens) break;
  }
  return writtenScript(tokens, "length");
}

/** Endless, or with the end of the text last. */
function* tokensOf({ tokens, words, ends }: Draft, { minTokens, ignoreEos }: Limits): Generator<Token> {
  yield* tokens;
  for (let n = 0; ; n++) {
    const mayEnd = ends === "strictly" || (ends === "freely" && !ignoreEos && tokens.length + n >= minTokens);
    if (mayEnd) yield END;
    else yield words[n % words.length] as Token;
  }
}

/** Looks for stop strings while a text grows, as vLLM does: in the order of the list, from the first one that is whole. */
class StoppedText {
  readonly #limits: Limits;
  #text = "";
  /** Stop strings that end before here came too early. */
  #from = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** @param count tokens so far, with this one; @returns where the shown text ends, and by what */
  add(token: Token, count: number): { stop: string; end: number } | null {
    const { stop, minTokens, showStop } = this.#limits;
    if (stop.length === 0) return null;
    const before = this.#text.length;
    this.#text += token.text;
    if (count <= minTokens) {
      this.#from = this.#text.length;
      return null;
    }
    for (const string of stop) {
      const start = this.#text.indexOf(string, Math.max(this.#from, before - string.length + 1));
      if (start !== -1) return { stop: string, end: showStop ? start + string.length : start };
    }
    return null;
  }
}

/** The tokens with only so many characters of their text shown. */
function cutAt(end: number, tokens: readonly Token[]): Token[] {
  let start = 0;
  return tokens.map((token) => {
    const shown = token.text.slice(0, Math.max(0, end - start));
    start += token.text.length;
    return showing(token, shown);
  });
}
