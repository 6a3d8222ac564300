/** What servers of tests that work on bare sockets read and write. */

export interface RawAsked {
  path: string;
  /** Tokens that are asked for; 0 where there is no body. */
  tokens: number;
  head: string;
}

/** @param text all that came and was not taken yet; @returns undefined as long as no request is whole */
export function requestIn(text: string): { length: number; asked: RawAsked } | undefined {
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd === -1) return undefined;
  const head = text.slice(0, headEnd);
  const bodyStart = headEnd + 4;
  const length = bodyStart + Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
  if (text.length < length) return undefined;
  const tokens: number = length === bodyStart ? 0 : JSON.parse(text.slice(bodyStart, length)).max_tokens;
  return { length, asked: { path: head.split(" ", 2)[1]!, tokens, head } };
}

/** The events of a whole good answer. */
export function eventsOf(tokens: number): string {
  const words = Array.from({ length: tokens }, (_, i) =>
    event({ choices: [{ index: 0, text: "x", finish_reason: i === tokens - 1 ? "length" : null }] }),
  );
  const usage = { prompt_tokens: 5, completion_tokens: tokens };
  return `${words.join("")}${event({ choices: [], usage })}data: [DONE]\n\n`;
}

const event = (data: unknown) => `data: ${JSON.stringify(data)}\n\n`;
