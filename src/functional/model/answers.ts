import { type Answer, Deviation, Undecided } from "./case.ts";
import { Found } from "./found.ts";

/** The JSON of an answer that must be a good one. @throws Deviation */
export function bodyOf(answer: Answer | undefined): Found {
  const { status, text, contentType } = answerOf(answer);
  if (status !== 200) throw new Deviation(`must be answered with HTTP 200, but the status is ${status}`);
  if (!contentType.startsWith("application/json")) {
    throw new Deviation(`must be application/json, but the content type is “${contentType}”`);
  }
  return new Found(jsonOf(text));
}

/** An answer that must be there. */
export function answerOf(answer: Answer | undefined): Answer {
  if (answer === undefined) throw new Deviation("no answer came");
  return answer;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Deviation("must be JSON, but is not");
  }
}

/**
 * A refusal: HTTP 4xx with a body that says why. OpenAI's has `error.message`; FastAPI's `detail` and a flat `message` are
 * taken too, for their shape has a case of its own. @throws Deviation for anything else: a good answer, a 5xx, an empty body
 */
export function refusalOf(answer: Answer | undefined, ...statuses: readonly number[]): Found {
  const { status, text } = answerOf(answer);
  const wanted = statuses.length === 0 ? "HTTP 4xx" : `HTTP ${statuses.join(" or ")}`;
  const isWanted = statuses.length === 0 ? status >= 400 && status < 500 : statuses.includes(status);
  if (!isWanted) throw new Deviation(`must be refused with ${wanted}, but the status is ${status}`);
  const body = new Found(jsonOf(text));
  const words = [body.at("error", "message"), body.at("error"), body.at("message"), body.at("detail")];
  if (!words.some(({ value }) => (typeof value === "string" && value !== "") || Array.isArray(value))) {
    throw new Deviation("the refusal must say why, but has neither error.message nor detail");
  }
  return body;
}

/** An event stream that ended. */
export interface Events {
  /** Each event's JSON, in order. */
  chunks: Found[];
  /** It ended with `[DONE]`. */
  done: boolean;
  /** Events came behind `[DONE]`. */
  afterDone: boolean;
}

const BREAK = /\r\n|\r|\n/;

/** The events of an answer that must be a stream without an error in it. @throws Deviation */
export function eventsOf(answer: Answer | undefined): Events {
  const { status, text, contentType } = answerOf(answer);
  if (status !== 200) throw new Deviation(`must be answered with HTTP 200, but the status is ${status}`);
  if (!contentType.startsWith("text/event-stream")) {
    throw new Deviation(`must be text/event-stream, but the content type is “${contentType}”`);
  }
  const lines = text.split(BREAK);
  const data = lines.flatMap((line) => (line.startsWith("data:") ? [line.slice("data:".length).trim()] : []));
  const end = data.indexOf("[DONE]");
  const chunks = data
    .filter((one) => one !== "[DONE]" && one !== "")
    .map((one, at) => new Found(jsonOf(one), `event[${at}]`));
  for (const chunk of chunks) chunk.at("error").nothing();
  if (chunks.length === 0) throw new Deviation("the stream must have events, but has none");
  return { chunks, done: end !== -1, afterDone: end !== -1 && end !== data.length - 1 };
}

/** The first choice of every event that has one with this index. */
export function deltasOf({ chunks }: Events, index = 0): Found[] {
  return chunks
    .flatMap((chunk) => chunk.at("choices").list())
    .filter((choice) => (choice.at("index").value ?? 0) === index);
}

/** What the pieces of a streamed chat or completion add up to. */
export function streamedText(events: Events, index = 0): string {
  return deltasOf(events, index).map(pieceOf).join("");
}

/** The text of one piece of a streamed choice. */
export const pieceOf = (choice: Found): string =>
  choice.at("delta").value === undefined ? textIn(choice) : saidIn(choice.at("delta"));

/** What a message or a piece of one says, aloud or as a thought: a model that reasons may end within its thoughts. */
export function saidIn(message: Found): string {
  return ["reasoning", "reasoning_content", "content"].map((key) => textIn(message, key)).reduce(addedOnce, "");
}

/** Some servers write the thought under both of its names. */
const addedOnce = (before: string, text: string) => (text === before ? before : before + text);

function textIn(found: Found, key = "text"): string {
  const text = found.at(key);
  return text.isNothing() ? "" : text.text();
}

/** The reasons at the end of one choice; there must be one. */
export function finishReasons(events: Events, index = 0): unknown[] {
  return deltasOf(events, index).flatMap((choice) => choice.at("finish_reason").value ?? []);
}

/** Text of a whole answer: of a chat's message with its thoughts, or of a completion. */
export function contentOf(body: Found, index = 0): string {
  const choice = body.at("choices", index);
  const message = choice.at("message");
  return message.value === undefined ? choice.at("text").text() : saidIn(message.object());
}

/** @throws Undecided where a choice was cut off at its limit */
export function notCut(finish: unknown): void {
  if (finish === "length") throw new Undecided("the model went on to max_tokens, so that the answer is no whole");
}

/** Counts of an answer, which must add up. @throws Deviation */
export function usageOf(body: Found): { prompt: number; completion: number; total: number } {
  const usage = body.at("usage").object();
  const prompt = usage.at("prompt_tokens").integer(1);
  const completion = usage.at("completion_tokens").integer();
  const total = usage.at("total_tokens");
  if (total.integer() !== prompt + completion) total.wrong(`must be ${prompt} + ${completion}`);
  return { prompt, completion, total: prompt + completion };
}

/** @throws Deviation when they differ */
export function same(what: string, one: unknown, other: unknown): void {
  if (JSON.stringify(one) === JSON.stringify(other)) return;
  throw new Deviation(
    `${what} must be the same, but one is ${new Found(one).shown()}, the other ${new Found(other).shown()}`,
  );
}
