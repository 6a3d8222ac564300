import type { Pool } from "undici";
import { Exchange } from "./exchange.ts";

interface FlightOptions {
  pool: Pool;
  path: string;
  bodies: readonly Buffer[];
  /** Requests that may be open at once. */
  limit: number;
  outputLen: number;
  timeoutSeconds: number;
  onSettled?: ((settled: number, failed: number) => void) | undefined;
}

/** What became of one request; times on the clock of performance.now(), null when it never got there. */
export interface Departure {
  scheduledAt: number | null;
  sentAt: number | null;
  exchange: Exchange | null;
}

const HEADERS = { "content-type": "application/json", accept: "text/event-stream" };

/** The requests of one cell: sends them as they are submitted, never more than the limit at once, the others in order. */
export class Flight {
  readonly departures: Departure[];
  /** Resolves when every request has settled, or when all was cancelled. */
  readonly landed: Promise<void>;
  #settled = 0;
  #failed = 0;
  #cancelled = false;
  readonly #open = new Set<Exchange>();
  readonly #waiting: number[] = [];
  readonly #options: FlightOptions;
  readonly #land: () => void;

  constructor(options: FlightOptions) {
    this.#options = options;
    this.departures = options.bodies.map(() => ({ scheduledAt: null, sentAt: null, exchange: null }));
    const { promise, resolve } = Promise.withResolvers<void>();
    this.landed = promise;
    this.#land = resolve;
    if (options.bodies.length === 0) resolve();
  }

  /** @param scheduledAt when it should go out; absent in a closed loop: the moment there is room for it */
  submit(index: number, scheduledAt?: number): void {
    if (this.#cancelled) return;
    this.departures[index]!.scheduledAt = scheduledAt ?? null;
    if (this.#open.size < this.#options.limit) this.#send(index);
    else this.#waiting.push(index);
  }

  /** Ends every open request at once and sends no more. */
  cancel(why: string): void {
    this.#cancelled = true;
    for (const exchange of this.#open) exchange.cancel(why);
    this.#land();
  }

  #send(index: number): void {
    const { pool, path, bodies, outputLen, timeoutSeconds } = this.#options;
    const departure = this.departures[index]!;
    const exchange = new Exchange({ outputLen, timeoutSeconds, onSettled: () => this.#settle(exchange) });
    this.#open.add(exchange);
    departure.exchange = exchange;
    const body = bodies[index]!;
    departure.sentAt = performance.now();
    departure.scheduledAt ??= departure.sentAt;
    pool.dispatch({ method: "POST", path, headers: HEADERS, body }, exchange);
  }

  #settle(exchange: Exchange): void {
    this.#open.delete(exchange);
    this.#settled += 1;
    if (exchange.error !== null) this.#failed += 1;
    this.#options.onSettled?.(this.#settled, this.#failed);
    if (this.#cancelled) return;
    const next = this.#waiting.shift();
    if (next !== undefined) this.#send(next);
    if (this.#settled === this.departures.length) this.#land();
  }
}
