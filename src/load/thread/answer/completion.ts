import { messageOf } from "../../../errors.ts";
import { EventStream, LONGEST_EVENT } from "../../http/event-stream.ts";
import { type BodyKind, BodyStart, shown } from "./body-start.ts";
import { EventTemplate } from "./event-template.ts";
import type { Choice } from "./piece.ts";
import { beginning, errorIn, errorOfText, errorText, jsonOf, parsed } from "./server-error.ts";
import { TokenEvents } from "./token-events.ts";

/** The parts of a completion chunk that are looked at; anything else may be there, and any part may be missing. */
interface Chunk {
  choices?: (Choice | null)[] | null;
  usage?: { prompt_tokens?: unknown; completion_tokens?: unknown } | null;
  error?: unknown;
}

const OPEN_BRACE = 123;
const MEBIBYTE = 1024 * 1024;
const REASON_CHARACTERS = 100;
/** Finish reasons of an answer that is none, however long it is. */
const BAD_ENDS: unknown[] = ["error", "abort"];
const MOST_TOKENS = 2 ** 31 - 1;

/** A streamed completion as it comes in: when its tokens arrived, and whether it ended as it should. It never throws. */
export class Completion {
  inputTokens = 0;
  outputTokens: number | undefined;
  finishReason: string | null = null;
  #error: string | undefined;
  #ended = false;
  #readAt = 0;
  readonly #tokens: TokenEvents;
  readonly #start = new BodyStart();
  readonly #template = new EventTemplate();
  readonly #events = new EventStream({
    takeKnown: (bytes, start, end) => this.#takeKnown(bytes, start, end),
    onEvent: (data, type) => this.#take(data, type),
    onErrorLine: (text) => this.#fail(errorOfText(text)),
  });

  constructor(askedOutputTokens: number) {
    this.#tokens = new TokenEvents(askedOutputTokens);
  }

  get log() {
    return this.#tokens.log;
  }

  /** @param readAt when these bytes, from `start` to `end`, were read: token events that they complete get this time */
  read(bytes: Buffer, start: number, end: number, readAt: number): void {
    this.#readAt = readAt;
    if (this.log.count === 0) this.#start.add(bytes.subarray(start, end));
    this.#events.push(bytes, start, end);
  }

  /**
   * Why this is no good answer, as `class: message`; null for a good one. Call it when the body has ended.
   * @param exactLengths false: it may be shorter than asked for
   */
  problem(askedOutputTokens: number, kind: BodyKind, exactLengths = true): string | null {
    const { outputTokens, log } = this;
    this.#tokens.settle(outputTokens);
    if (this.tooLarge !== undefined) return `too_large: ${this.tooLarge}`;
    const error = this.#error ?? this.#unfinishedError();
    if (error !== undefined) return `in_stream_error: ${error}`;
    if (log.count === 0) return this.#noTokenProblem(kind);
    if (!this.#ended) return "cut_off: the stream ended without a finish reason or [DONE]";
    if (outputTokens === undefined) return "wrong_length: the engine did not report its usage";
    if (outputTokens > askedOutputTokens || (exactLengths && outputTokens < askedOutputTokens))
      return `wrong_length: ${outputTokens} tokens came where ${askedOutputTokens} were asked for`;
    return log.count > outputTokens ? `wrong_events: ${log.count} token events came for ${outputTokens} tokens` : null;
  }

  /** What the engine itself said was wrong in mid-stream, before the connection went. */
  get streamError(): string | undefined {
    return this.#error;
  }

  /** What goes beyond its limit, and how it begins: nothing more is read. Undefined: nothing so far. */
  get tooLarge(): string | undefined {
    if (!this.#events.isTooLong) return undefined;
    return `an event is longer than ${LONGEST_EVENT / MEBIBYTE} MiB; it begins: ${shown(this.#events.beginning)}`;
  }

  /** The first 200 characters of the body. */
  get beginning(): string {
    return this.#start.shown;
  }

  #noTokenProblem(kind: BodyKind): string {
    const stray = this.#start.isEncoded(kind) || !this.#events.hasBegun ? this.#start.problem(kind) : undefined;
    if (stray !== undefined) return stray;
    return this.outputTokens
      ? `wrong_events: no token event came for ${this.outputTokens} tokens`
      : "cut_off: the answer ended without a token";
  }

  /** Tokens need their closing empty line; what went wrong is heard without. */
  #unfinishedError(): string | undefined {
    const { unfinished } = this.#events;
    const object = unfinished === "" ? undefined : parsed(unfinished);
    return object && errorIn(object);
  }

  #fail(error: string): void {
    this.#error ??= errorText(error);
  }

  #takeKnown(bytes: Buffer, start: number, end: number): number {
    const known = this.#template.endOf(bytes, start, end);
    if (known > start) this.#tokens.takeContent(this.#readAt, undefined);
    return known;
  }

  #take(data: string, type: string | undefined): void {
    if (type === "error") this.#fail(errorOfText(data));
    else this.#takeChunk(data, type !== undefined && type !== "message");
  }

  /** @param isForeign the event says that it is of another kind: what it holds may be anything */
  #takeChunk(data: string, isForeign: boolean): void {
    const chunk = data.charCodeAt(0) === OPEN_BRACE ? this.#parse(data, isForeign) : this.#parseOdd(data, isForeign);
    if (chunk === undefined) return;
    const choice = Array.isArray(chunk.choices) ? chunk.choices[0] : undefined;
    if (chunk.error || (choice === undefined && !isForeign)) {
      const error = errorIn(chunk);
      if (error !== undefined) this.#fail(error);
    }
    const counted = chunk.usage ? this.#takeUsage(chunk.usage) : undefined;
    if (typeof choice !== "object" || choice === null) return;
    this.#takeChoice(choice, counted);
    if (!isForeign && !chunk.usage && !choice.finish_reason && !chunk.error) this.#template.learn(data, choice);
  }

  /** @returns the output tokens, if it tells them */
  #takeUsage({ prompt_tokens: input, completion_tokens: output }: NonNullable<Chunk["usage"]>): number | undefined {
    if (isCount(input)) this.inputTokens = input;
    if (!isCount(output)) return undefined;
    this.outputTokens = output;
    return output;
  }

  #takeChoice(choice: Choice, counted: number | undefined): void {
    const reason = choice.finish_reason;
    if (reason) {
      this.#ended = true;
      this.finishReason = beginning(typeof reason === "string" ? reason : jsonOf(reason), REASON_CHARACTERS);
      if (BAD_ENDS.includes(reason)) this.#fail(`the engine ended the answer with the finish reason ${reason}`);
    }
    this.#tokens.take(choice, this.#readAt, counted);
  }

  /** Anything that does not begin as an object does. */
  #parseOdd(data: string, isForeign: boolean): Chunk | undefined {
    const text = data.trim();
    if (text === "[DONE]") this.#ended = true;
    return text === "[DONE]" || text === "" ? undefined : this.#parse(text, isForeign);
  }

  #parse(data: string, isForeign: boolean): Chunk | undefined {
    try {
      const value: unknown = JSON.parse(data);
      if (typeof value === "object" && value !== null) return value;
      if (!isForeign) this.#fail(`an event is no JSON object: ${data.slice(0, 200)}`);
    } catch (error) {
      if (!isForeign) this.#fail(`an event is not JSON: ${messageOf(error)}`);
    }
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MOST_TOKENS;
}
