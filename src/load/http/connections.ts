import { Connection, type Target } from "./connection.ts";

/** Below the 5 s after which uvicorn closes an idle connection: a request must never meet a closing one. */
const LONGEST_IDLE_MS = 3500;
const CARE_EVERY_MS = 500;
const OPENING_LIMIT_MS = 5000;

/** The connections of one thread to one server. */
export class Connections {
  readonly #target: Target;
  readonly #all = new Set<Connection>();
  readonly #idle: Connection[] = [];
  #wanted = 0;
  #spare = 0;
  #care: NodeJS.Timeout | undefined;

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

  /** The one used last, whose memory is warm; a new one when all are busy. */
  take(): Connection {
    return this.#idle.pop() ?? this.#open();
  }

  close(): void {
    clearInterval(this.#care);
    for (const connection of this.#all) connection.destroy();
  }

  #open(): Connection {
    const connection = new Connection(this.#target, {
      onIdle: (idle) => void this.#idle.push(idle),
      onClosed: (closed) => this.#forget(closed),
    });
    this.#all.add(connection);
    return connection;
  }

  /** Replaces what has been idle for long. */
  #renew(): void {
    const oldest = performance.now() - LONGEST_IDLE_MS;
    for (const connection of this.#idle.filter(({ idleSince }) => idleSince < oldest)) {
      this.#forget(connection);
      connection.destroy();
    }
    const missing = Math.max(this.#wanted - this.#all.size, this.#spare - this.#idle.length);
    for (let i = 0; i < missing; i++) this.#idle.push(this.#open());
  }

  #forget(connection: Connection): void {
    this.#all.delete(connection);
    const index = this.#idle.indexOf(connection);
    if (index !== -1) this.#idle.splice(index, 1);
  }
}
