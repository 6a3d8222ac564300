import { Connection, IDLE_MARGIN_MS } from "./connection.ts";
import type { Target } from "./target.ts";

const CARE_EVERY_MS = 500;
const OPENING_LIMIT_MS = 5000;
const OK = 200;

/**
 * The connections of one thread to one server. How long the server keeps them after an answer is learned from those
 * that it closes: some, such as llama.cpp's, announce seconds and close at once. Where it keeps none, each carries one
 * request, and the next is open before it is needed.
 */
export class Connections {
  readonly #target: Target;
  readonly #all = new Set<Connection>();
  readonly #idle: Connection[] = [];
  /** Those whose present request is the last one. */
  readonly #leaving = new Set<Connection>();
  /** Seen so far; longer idle ones are not used again. */
  #keptMs = Number.POSITIVE_INFINITY;
  #wanted = 0;
  #spare = 0;
  #toCome = Number.POSITIVE_INFINITY;
  #care: NodeJS.Timeout | undefined;
  #renewal: NodeJS.Immediate | undefined;

  constructor(target: Target) {
    this.#target = target;
  }

  /**
   * Opens connections beforehand, so that no TTFT holds a connect, and keeps them fresh from now on. A server that
   * accepts none of them will fail the requests themselves, where it is counted.
   * @param wanted connections in all; @param spare of them idle at any time, for requests that come whenever they come
   */
  async prepare(wanted: number, spare: number): Promise<void> {
    this.#wanted = wanted;
    this.#spare = spare;
    this.#toCome = Number.POSITIVE_INFINITY;
    this.#care ??= setInterval(() => this.#renew(), CARE_EVERY_MS).unref();
    this.#renew();
    const opened = Promise.all([...this.#all].map((connection) => connection.opened));
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, OPENING_LIMIT_MS);
    });
    await Promise.race([opened, limit]);
    clearTimeout(timer);
  }

  leadTo({ host, port, secure }: Target): boolean {
    const { host: ownHost, port: ownPort, secure: ownSecure } = this.#target;
    return host === ownHost && port === ownPort && secure === ownSecure;
  }

  /** A new one when all are busy. @param toCome requests that will follow at most: no more are opened for them */
  take(toCome = Number.POSITIVE_INFINITY): Connection {
    this.#toCome = toCome;
    return this.#use(this.#takeIdle() ?? this.#open());
  }

  /** One that never carried a request. */
  takeFresh(): Connection {
    const fresh = this.#idle.findLast(({ answers, isOpen }) => answers === 0 && isOpen);
    return this.#use(fresh === undefined ? this.#open() : this.#takeOut(fresh));
  }

  close(): void {
    clearInterval(this.#care);
    clearImmediate(this.#renewal);
    this.#wanted = 0;
    this.#spare = 0;
    for (const connection of this.#all) connection.destroy();
  }

  get #keepsNone(): boolean {
    return this.#keptMs <= IDLE_MARGIN_MS;
  }

  /**
   * The one used last, whose memory is warm. Among those never used the first: a server with a thread a connection
   * (llama.cpp's, gunicorn's) is waiting at that one.
   */
  #takeIdle(): Connection | undefined {
    for (;;) {
      const isOpen = (connection: Connection) => connection.isOpen;
      const place = this.#keepsNone ? this.#idle.findIndex(isOpen) : this.#idle.findLastIndex(isOpen);
      // None is open: one that will be soon.
      const connection = place === -1 ? this.#idle[0] : this.#idle[place];
      if (connection === undefined) return undefined;
      if (this.#mayStay(connection)) return this.#takeOut(connection);
      this.#drop(connection);
    }
  }

  #use(connection: Connection): Connection {
    if (this.#keepsNone || connection.requestsLeft <= 1) this.#leave(connection);
    return connection;
  }

  #open(): Connection {
    const connection = new Connection(this.#target, {
      onIdle: (idle) => this.#takeBack(idle),
      onLast: (last, status) => this.#takeLast(last, status),
      onClosed: (closed, keptMs) => this.#takeClosed(closed, keptMs),
    });
    this.#all.add(connection);
    return connection;
  }

  #takeBack(connection: Connection): void {
    if (this.#mayStay(connection)) this.#idle.push(connection);
    else {
      if (connection.answers === 1) this.#keptMs = 0;
      this.#drop(connection);
      this.#renewSoon();
    }
  }

  /** One that ends with its first good answer is as if it had been kept for no time. */
  #takeLast(connection: Connection, status: number): void {
    if (connection.answers === 0 && status === OK) this.#keptMs = 0;
    this.#leave(connection);
  }

  #takeClosed(connection: Connection, keptMs: number | undefined): void {
    this.#forget(connection);
    if (keptMs === undefined || keptMs === Number.POSITIVE_INFINITY) return;
    this.#keptMs = Math.min(this.#keptMs, keptMs);
    this.#renewSoon();
  }

  #mayStay({ answers, idleSince, idleLimitMs, requestsLeft }: Connection): boolean {
    const limit = answers === 0 ? idleLimitMs : Math.min(idleLimitMs, this.#keptMs - IDLE_MARGIN_MS);
    return requestsLeft > 0 && performance.now() - idleSince < limit;
  }

  /** Another takes its place while its last request is still open. */
  #leave(connection: Connection): void {
    this.#leaving.add(connection);
    this.#renewSoon();
  }

  /** After the requests that are being sent: opening takes a while. */
  #renewSoon(): void {
    if (this.#wanted + this.#spare === 0) return;
    this.#renewal ??= setImmediate(() => {
      this.#renewal = undefined;
      this.#renew();
    });
  }

  /** Replaces what may not be used any more. */
  #renew(): void {
    for (const connection of this.#idle.filter((idle) => !this.#mayStay(idle))) this.#drop(connection);
    const lasting = this.#keepsNone ? this.#idle.length : this.#all.size - this.#leaving.size;
    const [wanted, spare] = [this.#wanted, this.#spare].map((count) => Math.min(count, this.#toCome));
    const missing = Math.max(wanted! - lasting, spare! - this.#idle.length);
    for (let i = 0; i < missing; i++) this.#idle.push(this.#open());
  }

  #takeOut(connection: Connection): Connection {
    this.#idle.splice(this.#idle.indexOf(connection), 1);
    return connection;
  }

  #drop(connection: Connection): void {
    this.#forget(connection);
    connection.destroy();
  }

  #forget(connection: Connection): void {
    this.#all.delete(connection);
    this.#leaving.delete(connection);
    if (this.#idle.includes(connection)) this.#takeOut(connection);
  }
}
