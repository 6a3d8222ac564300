/** What one token adds to an answer; `nothing` is one that only steers, such as the end of the text. */
export type Part =
  | { kind: "content"; text: string }
  | { kind: "reasoning"; text: string }
  | { kind: "call"; index: number; id: string; name: string }
  | { kind: "arguments"; index: number; text: string }
  | { kind: "nothing" };

export interface Token {
  id: number;
  /** As the model wrote it, which for a call of a tool is not what the client sees. */
  text: string;
  part: Part;
  /** What a completion shows, in JSON. Made beforehand, because the client is measured on the same machine. */
  json: string;
  /** What a chunk of chat shows, in JSON; null when it is silent. */
  delta: string | null;
}

export function makeToken(id: number, text: string, part: Part): Token {
  const shown = part.kind === "content" || part.kind === "reasoning" ? part.text : "";
  return { id, text, part, json: JSON.stringify(shown), delta: deltaOf(part) };
}

/** The same token with another part of it shown: a stop string is not. */
export function showing(token: Token, text: string): Token {
  const { part } = token;
  if (part.kind !== "content" && part.kind !== "reasoning") return token;
  return part.text === text ? token : makeToken(token.id, token.text, { ...part, text });
}

/** Shapes and order of keys as vLLM 0.32 streams them. */
function deltaOf(part: Part): string | null {
  switch (part.kind) {
    case "content":
      return `{"content":${JSON.stringify(part.text)}}`;
    case "reasoning":
      return `{"reasoning":${JSON.stringify(part.text)}}`;
    case "call": {
      const { id, index, name } = part;
      return callDelta({ id, type: "function", index, function: { name } });
    }
    case "arguments":
      return callDelta({ index: part.index, function: { arguments: part.text } });
    case "nothing":
      return null;
  }
}

const callDelta = (call: object) => JSON.stringify({ content: null, tool_calls: [call] });
