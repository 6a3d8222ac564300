import type { Dispatcher } from "undici";
import { Completion, errorText } from "./completion.ts";

const ERROR_BODY_CHARACTERS = 4096;

interface ExchangeOptions {
  outputLen: number;
  timeoutSeconds: number;
  onSettled(): void;
}

/**
 * One request from its sending to its end. It settles exactly once: well (`error` null) or with a classified error,
 * `class: message`, where class is refused, http_NNN, in_stream_error, cut_off, timeout, wrong_length or cancelled.
 */
export class Exchange implements Dispatcher.DispatchHandler {
  readonly completion = new Completion();
  error: string | null = null;
  #settled = false;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #errorBody = "";
  readonly #options: ExchangeOptions;
  readonly #timer: NodeJS.Timeout;

  /** Make it right before dispatching: its time limit starts here. */
  constructor(options: ExchangeOptions) {
    this.#options = options;
    const { timeoutSeconds } = options;
    const message = `timeout: not answered within ${timeoutSeconds} s`;
    this.#timer = setTimeout(() => this.#giveUp(message), timeoutSeconds * 1000);
  }

  cancel(why: string): void {
    this.#giveUp(`cancelled: ${why}`);
  }

  /** undici calls this when the request is written, so its absence means that there never was a connection. */
  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settled) controller.abort(new Error("no longer wanted"));
  }

  onResponseStart(_controller: Dispatcher.DispatchController, statusCode: number): void {
    this.#status = statusCode;
  }

  onResponseData(_controller: Dispatcher.DispatchController, bytes: Buffer): void {
    const readAt = performance.now();
    if (this.#settled) return;
    if (this.#status === 200) this.completion.read(bytes, readAt);
    else if (this.#errorBody.length < ERROR_BODY_CHARACTERS) this.#errorBody += bytes.toString("utf8");
  }

  onResponseEnd(): void {
    const http = `http_${this.#status}: ${bodyMessage(this.#errorBody)}`;
    this.#settle(this.#status === 200 ? this.completion.problem(this.#options.outputLen) : http);
  }

  onResponseError(_controller: Dispatcher.DispatchController, { message, cause }: Error): void {
    const { streamError } = this.completion;
    const why = cause instanceof Error ? `${message}: ${cause.message}` : message;
    if (streamError !== undefined) this.#settle(`in_stream_error: ${streamError}`);
    else this.#settle(this.#controller === undefined ? `refused: ${why}` : `cut_off: ${why}`);
  }

  #giveUp(error: string): void {
    this.#settle(error);
    this.#controller?.abort(new Error(error));
  }

  #settle(error: string | null): void {
    if (this.#settled) return;
    this.#settled = true;
    this.error = error;
    clearTimeout(this.#timer);
    this.#options.onSettled();
  }
}

function bodyMessage(body: string): string {
  const text = body.slice(0, ERROR_BODY_CHARACTERS).trim();
  try {
    const { error, message, detail } = JSON.parse(text);
    return errorText(error ?? message ?? detail ?? text);
  } catch {
    // Not JSON: the text itself is the message.
    return text === "" ? "no message" : text;
  }
}
