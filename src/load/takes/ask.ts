import { authorization } from "../../engine/server/api-key.ts";
import { messageOf } from "../../errors.ts";

/**
 * What came back. `unclear` says nothing of the request: no answer, that the server is busy, or an error in the answer to a
 * request that was taken. `beyond`: it went on past the tokens that were asked for.
 */
export type Answer =
  | { kind: "taken"; usage: boolean; done: boolean; beyond: boolean }
  | { kind: "refused"; status: number; message: string }
  | { kind: "unclear"; message: string };

interface Chunk {
  choices?: unknown;
  error?: unknown;
  usage?: { completion_tokens?: unknown } | null;
}

/** An answer to a tiny request is shorter; one that ignores its limit is not waited for. */
const MOST_CHARACTERS = 65_536;
const BUSY = new Set([408, 429, 502, 503, 504]);

/** Sends one request on a connection of its own, and reads it to its end. */
export async function ask(
  url: string,
  question: { fields: object; tokens: number },
  { signal, limitMs }: { signal: AbortSignal; limitMs: number },
): Promise<Answer> {
  const { Agent, request } = await import("undici");
  // No proxy, and nothing left open while the engine is measured; the limit is ours alone.
  const direct = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  try {
    const { statusCode, body } = await request(url, {
      method: "POST",
      headers: { "content-type": "application/json", ...authorization() },
      body: JSON.stringify(question.fields),
      signal: AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(limitMs))]),
      dispatcher: direct,
    });
    return answerOf(statusCode, await beginningOf(body), question.tokens);
  } catch (error) {
    return { kind: "unclear", message: messageOf(error) };
  } finally {
    await direct.destroy();
  }
}

async function beginningOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of body) {
    text += decoder.decode(part, { stream: true });
    if (text.length > MOST_CHARACTERS) break;
  }
  return text;
}

function answerOf(status: number, text: string, tokens: number): Answer {
  if (BUSY.has(status)) return { kind: "unclear", message: `HTTP ${status}: ${messageIn(text)}` };
  if (status !== 200) return { kind: "refused", status, message: messageIn(text) };
  const { chunks, done } = chunksOf(text);
  const error = chunks.find((chunk) => chunk.error !== undefined && chunk.error !== null)?.error;
  if (error !== undefined) return { kind: "unclear", message: wordsOf(error) };
  const isCompletion = chunks.some(({ choices }) => Array.isArray(choices)) && !/^(error:|event: ?error)/m.test(text);
  if (!isCompletion) return { kind: "unclear", message: `no completion: ${text.slice(0, 200)}` };
  const counts = chunks.flatMap(({ usage }) => usage?.completion_tokens ?? []);
  const beyond = text.length > MOST_CHARACTERS || counts.some((count) => typeof count === "number" && count > tokens);
  return { kind: "taken", usage: counts.length > 0, done, beyond };
}

/** The chunks of an event stream, or of one JSON object; what is neither is left out. */
function chunksOf(text: string): { chunks: Chunk[]; done: boolean } {
  const whole = objectIn(text);
  if (whole !== undefined) return { chunks: [whole], done: false };
  const data = text.split(/\r\n|\r|\n/).flatMap((line) => (line.startsWith("data:") ? [line.slice(5).trim()] : []));
  return { chunks: data.flatMap((one) => objectIn(one) ?? []), done: data.includes("[DONE]") };
}

/** The server's own words out of `error`, `message` or FastAPI's `detail`; else the text. */
function messageIn(text: string): string {
  const { error, message, detail } = (objectIn(text) ?? {}) as Record<string, unknown>;
  return wordsOf(error ?? message ?? detail ?? text);
}

function wordsOf(said: unknown): string {
  const inner = typeof said === "object" && said !== null && "message" in said ? said.message : said;
  const words = typeof inner === "string" ? inner : JSON.stringify(inner);
  return words.trim() === "" ? "no message" : words.trim().replaceAll(/\s+/g, " ").slice(0, 300);
}

function objectIn(text: string): Chunk | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
