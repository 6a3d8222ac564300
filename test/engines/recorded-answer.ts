import type { Recording } from "./recording-proxy.ts";

interface Event {
  at: number;
  data: {
    choices?: { text?: string; delta?: Record<string, unknown>; finish_reason?: string | null }[];
    usage?: { prompt_tokens: number; completion_tokens: number } | null;
  };
}

/** What a raw recording says of one answer, read by other code than the product's: whole, from its end. */
export interface RecordedAnswer {
  requestId: string;
  ttftMs: number;
  /** From the first token event to the last. */
  spanMs: number;
  events: number;
  inputTokens: number;
  outputTokens: number;
}

/** @returns undefined for a recording of something else than a streamed answer */
export function recordedAnswer(recording: Recording): RecordedAnswer | undefined {
  const requestId = /^x-request-id: *(.+?)\r?$/im.exec(recording.request)?.[1];
  const events = eventsOf(recording);
  const usage = events.findLast(({ data }) => data.usage)?.data.usage;
  if (requestId === undefined || !usage) return undefined;
  const withChoice = events.filter(({ data }) => (data.choices?.length ?? 0) > 0);
  const first = withChoice.findIndex((event) => textOf(event) !== "");
  // A chat answer may open with an event that names the role only; whatever follows the first text may be an empty token.
  const isChat = withChoice.some(({ data }) => data.choices![0]!.delta !== undefined);
  const tokens = withChoice.slice(isChat ? first : 0);
  while (tokens.length > 1 && isEnd(tokens.at(-1)!, usage.completion_tokens - tokens.length + 1)) tokens.pop();
  return {
    requestId,
    ttftMs: tokens[0]!.at - recording.requestAt,
    spanMs: tokens.at(-1)!.at - tokens[0]!.at,
    events: tokens.length,
    inputTokens: usage.prompt_tokens,
    outputTokens: usage.completion_tokens,
  };
}

/**
 * Whether an event without content, but with the finish reason or usage, is no token. Where several tokens are missing, only
 * vLLM sends the last ones with the finish reason, and usage later.
 */
function isEnd(event: Event, missing: number): boolean {
  const { usage, choices } = event.data;
  const { text, delta, finish_reason: reason } = choices![0]!;
  if (textOf(event) !== "" || !(reason || usage)) return false;
  return missing !== 1 && !(missing > 1 && !usage && typeof (text ?? delta?.content) === "string");
}

function textOf({ data }: Event): string {
  const { text, delta = {} } = data.choices![0]!;
  const { role: _, ...rest } = delta;
  return (
    text ??
    Object.values(rest)
      .filter((value) => typeof value === "string")
      .join("")
  );
}

/** The body without its head and, where it is chunked, without the lines between; an event has the time of its last byte. */
function eventsOf({ pieces }: Recording): Event[] {
  const whole = Buffer.concat(pieces.map(({ bytes }) => bytes));
  const ends: { end: number; at: number }[] = [];
  let length = 0;
  for (const { at, bytes } of pieces) {
    length += bytes.length;
    ends.push({ end: length, at });
  }
  const timeOf = (place: number) => ends.find(({ end }) => place < end)!.at;
  // Nothing in a JSON event can look like a line of its own that begins with "data: {".
  const lines = [...whole.toString("latin1").matchAll(/^data: ?(\{.*\})\r?\n/gm)];
  return lines.map((match) => ({
    at: timeOf(match.index + match[0].length - 1),
    data: JSON.parse(Buffer.from(match[1]!, "latin1").toString("utf8")),
  }));
}
