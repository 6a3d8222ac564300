import { connect, type Socket } from "node:net";
import { connect as connectSecurely } from "node:tls";
import { messageOf } from "../../errors.ts";
import { HttpResponse, TooLarge } from "./http-response.ts";
import type { Target } from "./target.ts";

/**
 * How a request ended that got no whole answer. `refused`: there never was a connection. `stale`: the connection had been
 * kept, and was closed before a byte of the answer, most likely as idle. `too-large`: what we must keep went beyond its limit.
 */
export type ConnectionFailure = { kind: "refused" | "stale" | "cut-off" | "too-large"; message: string };

/** Who waits for an answer. Slices are of a buffer that is reused: copy what must stay. Headers are as the server wrote them. */
export interface AnswerListener {
  onHead(status: number, contentType: string | undefined, contentEncoding: string | undefined): void;
  /** @param readAt when these bytes were read, on the clock of performance.now() */
  onBody(bytes: Buffer, start: number, end: number, readAt: number): void;
  onEnd(readAt: number): void;
  onFailure(failure: ConnectionFailure): void;
}

interface Owner {
  /** The connection may carry another request. */
  onIdle(connection: Connection): void;
  /** The answer that is coming in is the last one. */
  onLast(connection: Connection, status: number): void;
  /** @param keptMs if the server did it: how long it had kept the connection after an answer; Infinity before any */
  onClosed(connection: Connection, keptMs?: number): void;
}

/** One for all sockets of a thread: a read is over before the next begins. */
const READ_BUFFER = Buffer.allocUnsafeSlow(256 * 1024);
/** Below the 5 s after which uvicorn closes an idle connection, which it does not announce. */
const LONGEST_IDLE_MS = 3500;
/** Before the server's own limit: a request must never meet a connection that is closing. */
export const IDLE_MARGIN_MS = 500;
/** A connection that waited for its first request as long as this may have met the limit of some proxy. */
const FRESH_MS = 1000;
const REQUEST_TIMEOUT = 408;

/** One socket, and one request on it at a time. */
export class Connection {
  /** When it was opened or last used, on the clock of performance.now(). */
  idleSince = performance.now();
  /** Answers that came in whole. */
  answers = 0;
  /** It must carry no request when it has been idle for longer. */
  idleLimitMs = LONGEST_IDLE_MS;
  /** As far as the server announced it. */
  requestsLeft = Number.POSITIVE_INFINITY;
  readonly opened: Promise<void>;
  #isOpen = false;
  #isClosed = false;
  /** We end it, not the server. */
  #isDropped = false;
  #readAt = 0;
  #sentAt = 0;
  #isAnswered = false;
  #isTooLarge = false;
  #listener: AnswerListener | undefined;
  #response: HttpResponse | undefined;
  readonly #socket: Socket;
  readonly #owner: Owner;

  constructor(target: Target, owner: Owner) {
    this.#owner = owner;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.opened = promise;
    this.#socket = this.#connect(target, () => {
      this.#isOpen = true;
      this.idleSince = performance.now();
      resolve();
    });
    this.#socket.setNoDelay(true);
    let why = "the connection was closed";
    this.#socket.on("error", (error) => {
      // A name with several addresses fails with an AggregateError, whose message is empty.
      why = messageOf(error) || String((error as NodeJS.ErrnoException).code);
    });
    this.#socket.on("end", () => this.#readEnd());
    this.#socket.on("close", () => {
      resolve();
      this.#close(why);
    });
  }

  get isOpen(): boolean {
    return this.#isOpen && !this.#isClosed;
  }

  /**
   * Writes a whole request. Before the connection is open the bytes wait for it.
   * @returns when, right before the write, on the clock of performance.now()
   */
  send(request: Uint8Array, listener: AnswerListener): number {
    this.#isAnswered = false;
    this.#listener = listener;
    this.#response = new HttpResponse({
      onHead: (...head) => this.#takeHead(...head),
      onBody: (bytes, start, end) => listener.onBody(bytes, start, end, this.#readAt),
      onEnd: () => this.#finish(),
    });
    this.#sentAt = performance.now();
    this.#socket.write(request);
    return this.#sentAt;
  }

  destroy(): void {
    this.#isDropped = true;
    this.#socket.destroy();
  }

  #connect({ host, port, secure }: Target, onOpen: () => void): Socket {
    if (secure) {
      const socket = connectSecurely({ host, port, servername: host, ALPNProtocols: ["http/1.1"] }, onOpen);
      return socket.on("data", (bytes: Buffer) => this.#read(bytes, bytes.length));
    }
    const callback = (length: number, bytes: Uint8Array) => this.#read(bytes as Buffer, length);
    return connect({ host, port, onread: { buffer: READ_BUFFER, callback } }, onOpen);
  }

  #read(bytes: Buffer, length: number): boolean {
    this.#readAt = performance.now();
    const response = this.#response;
    if (response === undefined) {
      // Such as the HTTP 408 with which a proxy closes what is idle.
      this.#closeIdle();
      return true;
    }
    this.#isAnswered = true;
    try {
      response.read(bytes, 0, length);
    } catch (error) {
      this.#isTooLarge = error instanceof TooLarge;
      this.#socket.destroy(error as Error);
    }
    return true;
  }

  #takeHead(...head: Parameters<AnswerListener["onHead"]>): void {
    const [status] = head;
    const isLast = this.#response!.keepAlive === null;
    // Said of the time before our request (RFC 9110, section 15.5.9), which the server has not read.
    if (status === REQUEST_TIMEOUT && isLast && this.#wasKept) {
      this.#isAnswered = false;
      throw new Error("the server had closed it as idle (HTTP 408)");
    }
    if (isLast) this.#owner.onLast(this, status);
    this.#listener!.onHead(...head);
  }

  /** The server closed its side. */
  #readEnd(): void {
    this.#readAt = performance.now();
    if (this.#listener === undefined) this.#closeIdle();
    else this.#response!.close();
    this.#socket.destroy();
  }

  #finish(): void {
    const { keepAlive } = this.#response!;
    const listener = this.#listener!;
    this.#listener = undefined;
    this.#response = undefined;
    this.idleSince = this.#readAt;
    this.answers += 1;
    if (keepAlive === null) this.destroy();
    else if (!this.#isClosed) {
      this.requestsLeft = Math.min(this.requestsLeft, keepAlive.requests) - 1;
      this.idleLimitMs = Number.isFinite(keepAlive.idleMs) ? keepAlive.idleMs - IDLE_MARGIN_MS : LONGEST_IDLE_MS;
      this.#owner.onIdle(this);
    }
    // Last: it may send the next request on this very connection.
    listener.onEnd(this.#readAt);
  }

  /** Whether the request met a connection that may have been closed while it was kept. */
  get #wasKept(): boolean {
    return this.answers > 0 || (this.#isOpen && this.#sentAt - this.idleSince > FRESH_MS);
  }

  /** At once, since the socket's own event is some turns away: nobody may take it meanwhile. */
  #closeIdle(): void {
    this.#close("closed while idle");
    this.#socket.destroy();
  }

  #close(message: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const listener = this.#listener;
    this.#listener = undefined;
    const isStale = listener !== undefined && !this.#isAnswered && this.#wasKept;
    const until = listener === undefined ? performance.now() : isStale ? this.#sentAt : Number.POSITIVE_INFINITY;
    const keptMs = this.answers > 0 ? until - this.idleSince : Number.POSITIVE_INFINITY;
    this.#owner.onClosed(this, this.#isDropped ? undefined : keptMs);
    const kind = this.#isTooLarge ? "too-large" : "cut-off";
    listener?.onFailure({ kind: !this.#isOpen ? "refused" : isStale ? "stale" : kind, message });
  }
}
