/** What every answer says. */
const PLAIN = " this answer is simulated and means nothing".split(/(?= )/);
/** The same in characters of two, three and four bytes, for those who cut events inside of one. */
const MULTIBYTE = [" simulé", " 模拟", " 🤖", " simulated"];

export interface Token {
  id: number;
  text: string;
}

/** Tokens of an answer by their number, counted from 1. */
export function answerTokens(multibyte: boolean): (n: number) => Token {
  const words = multibyte ? MULTIBYTE : PLAIN;
  const tokens = words.map((text, index) => ({ id: 1000 + index, text }));
  return (n) => tokens[(n - 1) % tokens.length] as Token;
}
