/** Where servers put what went wrong: OpenAI, FastAPI, guardrails' orchestrators. */
const WORDS = ["error", "message", "details", "detail", "msg"] as const;

/** What a server said went wrong, in any form: a text, an error object, one inside another. All of it when it has no message. */
export function errorText(error: unknown): string {
  if (typeof error === "string") return error;
  if (typeof error !== "object" || error === null || Array.isArray(error)) return JSON.stringify(error) ?? "no message";
  const fields = error as Record<string, unknown>;
  const word = WORDS.find((name) => isSaid(fields[name]));
  return word === undefined ? JSON.stringify(error) : errorText(fields[word]);
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
