import { messageOf } from "../../errors.ts";
import { EventStream } from "../http/event-stream.ts";
import { TokenLog } from "./token-log.ts";

interface Choice {
  finish_reason?: string | null;
  delta?: { role?: unknown; content?: unknown; reasoning?: unknown; tool_calls?: unknown } | null;
}

/** The parts of a completion chunk that are looked at; anything else may be there, and any part may be missing. */
interface Chunk {
  choices?: (Choice | null)[] | null;
  usage?: { prompt_tokens?: number; completion_tokens?: number } | null;
  error?: unknown;
}

/** A streamed completion as it comes in: when its tokens arrived, and whether it ended as it should. */
export class Completion {
  inputTokens = 0;
  outputTokens: number | undefined;
  finishReason: string | null = null;
  /** Reads from the socket that held a token event. */
  reads = 0;
  readonly log: TokenLog;
  #error: string | undefined;
  #ended = false;
  #readAt = 0;
  /** Tokens of the events in the log. */
  #logged = 0;
  readonly #events = new EventStream((data) => this.#take(data));

  constructor(askedOutputTokens: number) {
    this.log = new TokenLog(askedOutputTokens);
  }

  /** @param readAt when these bytes were read: all token events that they complete get this time */
  read(bytes: Buffer, readAt: number): void {
    this.#readAt = readAt;
    const before = this.log.count;
    this.#events.push(bytes);
    if (this.log.count > before) this.reads += 1;
  }

  /** Why this is no good answer, as `class: message`; null for a good one. Call it when the body has ended. */
  problem(askedOutputTokens: number): string | null {
    if (this.#error !== undefined) return `in_stream_error: ${this.#error}`;
    if (this.log.count === 0) return "cut_off: the answer ended without a token";
    if (!this.#ended) return "cut_off: the stream ended without a finish reason or [DONE]";
    if (this.outputTokens === undefined) return "wrong_length: the engine did not report its usage";
    if (this.outputTokens === askedOutputTokens) return null;
    return `wrong_length: ${this.outputTokens} tokens came where ${askedOutputTokens} were asked for`;
  }

  /** What the engine itself said was wrong in mid-stream, before the connection went. */
  get streamError(): string | undefined {
    return this.#error;
  }

  #take(data: string): void {
    if (data === "[DONE]") {
      this.#ended = true;
      return;
    }
    const chunk = this.#parse(data);
    if (chunk === undefined) return;
    if (chunk.error !== undefined && chunk.error !== null) this.#error ??= errorText(chunk.error);
    if (chunk.usage) {
      this.inputTokens = chunk.usage.prompt_tokens ?? this.inputTokens;
      this.outputTokens = chunk.usage.completion_tokens ?? this.outputTokens;
    }
    const choice = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
    if (choice) this.#takeToken(choice, Boolean(chunk.usage));
  }

  /**
   * As in vLLM's client, every event with a choice counts, even if its text is empty: random tokens often decode to
   * none. But not the event that opens a chat answer and only names the role: it would add a gap that no token made.
   */
  #takeToken(choice: Choice, isCounted: boolean): void {
    if (choice.finish_reason) {
      this.#ended = true;
      this.finishReason = choice.finish_reason;
    }
    if (opensAnswer(choice)) return;
    const counted = this.outputTokens ?? 0;
    // Against what was logged, not against the event before: the one that opens a chat answer may count a token already.
    this.log.add(this.#readAt, isCounted ? counted - this.#logged : 1);
    this.#logged = isCounted ? counted : this.#logged + 1;
  }

  #parse(data: string): Chunk | undefined {
    try {
      const value: unknown = JSON.parse(data);
      if (typeof value === "object" && value !== null) return value;
      this.#error ??= `an event is no JSON object: ${data.slice(0, 200)}`;
    } catch (error) {
      this.#error ??= `an event is not JSON: ${messageOf(error)}`;
    }
    return undefined;
  }
}

function opensAnswer({ delta, finish_reason }: Choice): boolean {
  if (delta?.role === undefined || finish_reason) return false;
  return !(delta.content || delta.reasoning || delta.tool_calls);
}

/** The message of an OpenAI-style error object, or all of it when it has another form. */
export function errorText(error: unknown): string {
  const message = typeof error === "object" && error !== null && "message" in error ? error.message : error;
  return typeof message === "string" ? message : JSON.stringify(message);
}
