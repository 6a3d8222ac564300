import type { AnswerListener, Connection, ConnectionFailure } from "../http/connection.ts";
import { type BodyKind, BodyStart } from "./answer/body-start.ts";
import { Completion } from "./answer/completion.ts";

const MEBIBYTE = 1024 * 1024;
/** Most that is read of an answer with another status than 200. */
const LARGEST_ERROR_BODY = MEBIBYTE;
/** Most that is read of a good answer: 50 times a token's event for each token asked for, and what a server sends beside them. */
const BYTES_A_TOKEN = 16 * 1024;
const BYTES_BESIDE = 16 * MEBIBYTE;
/** Each has a time that is kept; a server that ignores its limit would fill the memory with them. */
const EVENTS_BESIDE = 1024;

interface ExchangeOptions {
  askedOutputTokens: number;
  /** false: an answer may be shorter. */
  exactLengths?: boolean;
  timeoutSeconds: number;
  /** A connection that never carried a request, for the one that met a connection that was closing. */
  freshConnection(): Connection;
  onSettled(exchange: Exchange): void;
}

/**
 * One request from its sending to its end. It settles exactly once: well (`error` null) or with a classified error,
 * `class: message`, where class is refused, http_NNN, no_event_stream, in_stream_error, cut_off, timeout,
 * wrong_length, wrong_events, too_large or cancelled.
 */
export class Exchange implements AnswerListener {
  readonly completion: Completion;
  error: string | null = null;
  /** Times on the clock of performance.now(). */
  sentAt = 0;
  endedAt: number | null = null;
  /** It went out twice, since the first time the server had closed the connection; all times are of the second. */
  wasResent = false;
  #settled = false;
  #status = 0;
  #received = 0;
  #kind: BodyKind = { contentType: undefined, contentEncoding: undefined };
  readonly #errorBody = new BodyStart();
  #connection: Connection | undefined;
  #request: Uint8Array | undefined;
  readonly #mostBytes: number;
  readonly #options: ExchangeOptions;
  readonly #timer: NodeJS.Timeout;

  /** Make it right before sending: its time limit starts here. */
  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.completion = new Completion(options.askedOutputTokens);
    this.#mostBytes = BYTES_BESIDE + BYTES_A_TOKEN * options.askedOutputTokens;
    const { timeoutSeconds } = options;
    const message = `timeout: not answered within ${timeoutSeconds} s`;
    this.#timer = setTimeout(() => this.#giveUp(message), timeoutSeconds * 1000);
  }

  send(connection: Connection, request: Uint8Array): void {
    this.#connection = connection;
    this.#request = request;
    this.sentAt = connection.send(request, this);
  }

  cancel(why: string): void {
    this.#giveUp(`cancelled: ${why}`);
  }

  onHead(status: number, contentType: string | undefined, contentEncoding: string | undefined): void {
    this.#status = status;
    this.#kind = { contentType, contentEncoding };
  }

  onBody(bytes: Buffer, start: number, end: number, readAt: number): void {
    if (this.#settled) return;
    this.#received += end - start;
    if (this.#status === 200) this.completion.read(bytes, start, end, readAt);
    else this.#errorBody.add(bytes.subarray(start, end));
    const excess = this.#excess();
    if (excess !== undefined) this.#giveUp(`too_large: ${excess}`);
  }

  onEnd(readAt: number): void {
    this.endedAt = readAt;
    this.#settle(
      this.#status === 200 ? this.#problem() : `http_${this.#status}: ${this.#errorBody.message(this.#kind)}`,
    );
  }

  onFailure({ kind, message }: ConnectionFailure): void {
    if (this.#settled) return;
    const { streamError } = this.completion;
    if (kind === "stale" && !this.wasResent) this.#resend();
    else if (kind === "too-large") this.#settle(`too_large: ${message}`);
    else if (streamError !== undefined) this.#settle(`in_stream_error: ${streamError}`);
    else this.#settle(kind === "refused" ? `refused: ${message}` : `cut_off: ${message}`);
  }

  /** What goes beyond its limit, if anything does. */
  #excess(): string | undefined {
    if (this.#status !== 200) {
      if (this.#received <= LARGEST_ERROR_BODY) return undefined;
      return `HTTP ${this.#status} with more than ${sizeOf(LARGEST_ERROR_BODY)}; it begins: ${this.#errorBody.shown}`;
    }
    if (this.#received > this.#mostBytes)
      return `the answer is larger than ${sizeOf(this.#mostBytes)}; it begins: ${this.completion.beginning}`;
    const mostEvents = 2 * this.#options.askedOutputTokens + EVENTS_BESIDE;
    if (this.completion.log.count > mostEvents)
      return `more than ${mostEvents} token events; it begins: ${this.completion.beginning}`;
    return this.completion.tooLarge;
  }

  #resend(): void {
    this.wasResent = true;
    this.#timer.refresh();
    const connection = this.#options.freshConnection();
    this.send(connection, this.#request!);
    // Its clock holds no connect, as that of others doesn't.
    void connection.opened.then(() => {
      if (!this.#settled) this.sentAt = performance.now();
    });
  }

  #problem(): string | null {
    const { askedOutputTokens, exactLengths } = this.#options;
    return this.completion.problem(askedOutputTokens, this.#kind, exactLengths);
  }

  #giveUp(error: string): void {
    this.#settle(error);
    this.#connection?.destroy();
  }

  #settle(error: string | null): void {
    if (this.#settled) return;
    this.#settled = true;
    this.error = error;
    clearTimeout(this.#timer);
    this.#options.onSettled(this);
  }
}

const sizeOf = (bytes: number) => `${Math.round(bytes / MEBIBYTE)} MiB`;
