import { messageOf } from "../errors.ts";
import { EventStream } from "./event-stream.ts";

/** The parts of a completion chunk that are looked at; anything else may be there, and any part may be missing. */
interface Chunk {
  choices?: { finish_reason?: string | null }[];
  usage?: { prompt_tokens?: number; completion_tokens?: number } | null;
  error?: unknown;
}

/** A streamed completion as it comes in: when its tokens arrived, and whether it ended as it should. */
export class Completion {
  /** On the clock of performance.now(); null before the first token event. */
  firstTokenAt: number | null = null;
  lastTokenAt: number | null = null;
  readonly gapsMs: number[] = [];
  inputTokens = 0;
  outputTokens: number | undefined;
  #error: string | undefined;
  #ended = false;
  #readAt = 0;
  readonly #events = new EventStream((data) => this.#take(data));

  /** @param readAt when these bytes were read: all token events that they complete get this time */
  read(bytes: Uint8Array, readAt: number): void {
    this.#readAt = readAt;
    this.#events.push(bytes);
  }

  /** Why this is no good answer, as `class: message`; null for a good one. Call it when the body has ended. */
  problem(askedOutputTokens: number): string | null {
    if (this.#error !== undefined) return `in_stream_error: ${this.#error}`;
    if (this.firstTokenAt === null) return "cut_off: the answer ended without a token";
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
    if (Array.isArray(chunk.choices) && chunk.choices.length > 0) this.#takeToken(chunk.choices);
    this.inputTokens = chunk.usage?.prompt_tokens ?? this.inputTokens;
    this.outputTokens = chunk.usage?.completion_tokens ?? this.outputTokens;
  }

  /** As in vLLM's client, every event with a choice counts, even if its text is empty: random tokens often decode to none. */
  #takeToken(choices: NonNullable<Chunk["choices"]>): void {
    if (this.lastTokenAt !== null) this.gapsMs.push(this.#readAt - this.lastTokenAt);
    this.firstTokenAt ??= this.#readAt;
    this.lastTokenAt = this.#readAt;
    if (choices[0]?.finish_reason) this.#ended = true;
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

/** The message of an OpenAI-style error object, or all of it when it has another form. */
export function errorText(error: unknown): string {
  if (typeof error === "object" && error !== null && "message" in error) return String(error.message);
  return typeof error === "string" ? error : JSON.stringify(error);
}
