/** A choice of a streamed chunk. Any part may be missing, or be something else than it should. */
export interface Choice {
  finish_reason?: unknown;
  text?: unknown;
  delta?: Partial<
    Record<"content" | "reasoning" | "reasoning_content" | "tool_calls" | "function_call" | "refusal", unknown>
  > | null;
}

/** Content; an empty piece of text, to which random tokens often decode; or neither of them, as in `delta: {}`. */
export type Piece = "content" | "empty" | "none";

/** What an event brought of the answer. The role says nothing: some servers repeat it in every event, others never send it. */
export function pieceOf({ text, delta }: Choice): Piece {
  if (isContent(text)) return "content";
  if (typeof delta !== "object" || delta === null) return typeof text === "string" ? "empty" : "none";
  const { content, reasoning, reasoning_content: thought } = delta;
  if (isContent(content) || isContent(reasoning) || isContent(thought)) return "content";
  if (isContent(delta.tool_calls) || isContent(delta.function_call) || isContent(delta.refusal)) return "content";
  return typeof content === "string" || typeof reasoning === "string" || typeof thought === "string" ? "empty" : "none";
}

/** Text, parts, or a call with at least its name. */
function isContent(value: unknown): boolean {
  if (typeof value === "string") return value !== "";
  return Array.isArray(value) ? value.length > 0 : typeof value === "object" && value !== null;
}
