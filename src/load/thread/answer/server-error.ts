/** Where servers put what went wrong: OpenAI, FastAPI, guardrails' orchestrators. */
const WORDS = ["error", "message", "details", "detail", "msg"] as const;

/** An error inside an error inside an error says nothing new; a server may nest them without end. */
const DEEPEST = 8;
/** How much is kept of what a server says: enough for the longest advice that vLLM gives, and for a thousand of them in one file. */
const MESSAGE_CHARACTERS = 500;

/**
 * What a server said went wrong, in any form: a text, an error object, one inside another. All of it when it has no message.
 * Its first 500 characters.
 */
export const errorText = (error: unknown): string => beginning(wordsOf(error), MESSAGE_CHARACTERS);

/** Whole characters, in a text of its own: a slice would keep alive all that it was cut from. */
export function beginning(text: string, most: number): string {
  const characters = Array.from(text.slice(0, 2 * most))
    .slice(0, most)
    .join("");
  return characters.length < text.length ? `${characters}…` : characters;
}

function wordsOf(error: unknown): string {
  let said = error;
  for (let depth = 0; depth < DEEPEST; depth++) {
    if (typeof said === "string") return said;
    if (typeof said !== "object" || said === null || Array.isArray(said)) break;
    const fields = said as Record<string, unknown>;
    const word = WORDS.find((name) => isSaid(fields[name]));
    if (word === undefined) break;
    said = fields[word];
  }
  return jsonOf(said);
}

/** Nested some thousand times a value is parsed, but not written. */
export function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "no message";
  } catch {
    return "a value nested without end";
  }
}

/** The same of JSON as text; of any other text the text itself. */
export function errorOfText(text: string): string {
  return errorText(parsed(text) ?? (text.trim() || "no message"));
}

/**
 * What is wrong by an object that should have been a part of an answer: under `error`, or flat, as vLLM before 0.10 and
 * Dynamo say it. Undefined for anything that is no error.
 */
export function errorIn(object: object): string | undefined {
  const { error, object: kind, type, choices, message, detail } = object as Record<string, unknown>;
  if (isSaid(error)) return errorText(error);
  if (kind === "error" || type === "error") return errorText(object);
  const isFlat = choices === undefined && (typeof message === "string" || isSaid(detail));
  return isFlat ? errorText(object) : undefined;
}

/** The object that a text is in JSON, if it is one. */
export function parsed(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** `null`, `false` and an empty text are how some servers say that nothing is wrong. */
const isSaid = (value: unknown) => value !== undefined && value !== null && value !== false && value !== "";
