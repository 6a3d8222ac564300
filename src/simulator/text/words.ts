import { makeToken, type Part, type Token } from "./tokens.ts";

/** What every answer says. */
const PLAIN = " this answer is simulated and means nothing".split(/(?= )/);
/** The same in characters of two, three and four bytes, for those who cut events inside of one. */
const MULTIBYTE = [" simulé", " 模拟", " 🤖", " simulated"];
/** What it could have said instead, for those who ask for improbable tokens. */
const OTHERS =
  " one other word could have come here but none of these did so because every token of it was sure from its start".split(
    /(?= )/,
  );
/** Tokens that steer: they have no text, as vLLM skips special tokens. */
const CONTROLS = ["end of text", "reasoning", "end of reasoning", "call", "end of call"] as const;
export type Control = (typeof CONTROLS)[number];

/** Above all that pieces of text have as ids (see `pseudo-tokens.ts`), and so above every real vocabulary. */
const FIRST_ID = 8 * 2 ** 32;
const TEXTS = [...new Set([...PLAIN, ...MULTIBYTE, ...OTHERS])];
const FIRST_CONTROL = FIRST_ID + TEXTS.length;

const contentOf = (text: string) => makeToken(FIRST_ID + TEXTS.indexOf(text), text, { kind: "content", text });
const PLAIN_TOKENS = PLAIN.map(contentOf);
const MULTIBYTE_TOKENS = MULTIBYTE.map(contentOf);
/** All words, the plain ones first. */
export const ALL_WORDS: readonly Token[] = TEXTS.map(contentOf);

/** The words of an answer, which are repeated until it is long enough. */
export const wordsOf = (multibyte: boolean): readonly Token[] => (multibyte ? MULTIBYTE_TOKENS : PLAIN_TOKENS);

/** @param part what the client sees of it */
export function controlToken(control: Control, part: Part = { kind: "nothing" }): Token {
  return makeToken(FIRST_CONTROL + CONTROLS.indexOf(control), "", part);
}

/** The text of a word's or control's id; undefined for all other ids. */
export function wordOfId(id: number): string | undefined {
  return id >= FIRST_CONTROL && id < FIRST_CONTROL + CONTROLS.length ? "" : TEXTS[id - FIRST_ID];
}

/** What comes before an answer that reasons: words of it, with a token before and one after. */
const REASONING = OTHERS.slice(0, 7);

/** @param most words of it; @param isShown whether the client sees them */
export function reasoningTokens(most: number, isShown: boolean): Token[] {
  const words = REASONING.slice(0, most).map((text) =>
    makeToken(contentOf(text).id, text, isShown ? { kind: "reasoning", text } : { kind: "nothing" }),
  );
  return [controlToken("reasoning"), ...words, controlToken("end of reasoning")];
}
