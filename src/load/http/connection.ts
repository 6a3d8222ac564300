import { connect, type Socket } from "node:net";
import { connect as connectSecurely } from "node:tls";
import { messageOf } from "../../errors.ts";
import { HttpResponse } from "./http-response.ts";

/** Where requests go. Connections are direct: a proxy would be measured with the engine. */
export interface Target {
  host: string;
  port: number;
  secure: boolean;
}

export function targetOf(url: URL): Target {
  const secure = url.protocol === "https:";
  return { host: url.hostname.replace(/^\[|\]$/g, ""), port: Number(url.port) || (secure ? 443 : 80), secure };
}

/** How a request ended that got no whole answer. `refused`: there never was a connection. */
export type ConnectionFailure = { kind: "refused" | "cut-off"; message: string };

/** Who waits for an answer. Slices are of a buffer that is reused: copy what must stay. */
export interface AnswerListener {
  /** @param contentType the header as the server wrote it; `contentEncoding` likewise */
  onHead(status: number, contentType: string | undefined, contentEncoding: string | undefined): void;
  /** @param readAt when these bytes were read, on the clock of performance.now() */
  onBody(bytes: Buffer, start: number, end: number, readAt: number): void;
  onEnd(readAt: number): void;
  onFailure(failure: ConnectionFailure): void;
}

interface Owner {
  /** The connection may carry another request. */
  onIdle(connection: Connection): void;
  onClosed(connection: Connection): void;
}

/** One for all sockets of a thread: a read is over before the next begins. */
const READ_BUFFER = Buffer.allocUnsafeSlow(256 * 1024);

/** One socket, and one request on it at a time. */
export class Connection {
  /** When it was opened or last used, on the clock of performance.now(). */
  idleSince = performance.now();
  readonly opened: Promise<void>;
  #isOpen = false;
  #isClosed = false;
  #readAt = 0;
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
    this.#socket.on("end", () => this.#closeResponse());
    this.#socket.on("close", () => {
      resolve();
      this.#close(why);
    });
  }

  /** Writes a whole request. Before the connection is open the bytes wait for it. */
  send(request: Uint8Array, listener: AnswerListener): void {
    this.#listener = listener;
    this.#response = new HttpResponse({
      onHead: (...head) => listener.onHead(...head),
      onBody: (bytes, start, end) => listener.onBody(bytes, start, end, this.#readAt),
      onEnd: () => this.#finish(),
    });
    this.#socket.write(request);
  }

  destroy(): void {
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
    try {
      if (response === undefined) throw new Error("the server spoke without being asked");
      response.read(bytes, 0, length);
    } catch (error) {
      this.#socket.destroy(error as Error);
    }
    return true;
  }

  #closeResponse(): void {
    this.#readAt = performance.now();
    this.#response?.close();
  }

  #finish(): void {
    const { reusable } = this.#response!;
    const listener = this.#listener!;
    this.#listener = undefined;
    this.#response = undefined;
    this.idleSince = this.#readAt;
    if (reusable && !this.#isClosed) this.#owner.onIdle(this);
    else this.#socket.destroy();
    // Last: it may send the next request on this very connection.
    listener.onEnd(this.#readAt);
  }

  #close(message: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#owner.onClosed(this);
    const listener = this.#listener;
    this.#listener = undefined;
    listener?.onFailure({ kind: this.#isOpen ? "cut-off" : "refused", message });
  }
}
