import { fromMonotonic } from "../../time/monotonic.ts";
import type { Connections } from "../http/connections.ts";
import { Exchange } from "./exchange.ts";
import { type OutgoingRequest, requestSource } from "./request-source.ts";
import { LIVE, type ThreadOrder } from "./thread-order.ts";
import type { Wait } from "./wait.ts";

/** One request that went out; times on the clock of performance.now(). */
export interface SentRequest {
  index: number;
  scheduledAt: number;
  request: Omit<OutgoingRequest, "bytes">;
  exchange: Exchange;
}

/** A loop that is bounded by time would send without pause to a server that refuses everything at once. */
const FAILURES_TO_GIVE_UP = 100;
/** While requests are due, the loop still reads answers this often: late stamps would lengthen their latencies. */
const LONGEST_BURST_MS = 4;

/**
 * One thread's part of a cell. Whenever a slot is free it takes the next ticket that is due, so that requests go out in
 * order and none waits while any thread has room for it.
 */
export class ThreadRun {
  readonly sentRequests: SentRequest[] = [];
  /** How late requests went out that were due and had a slot, in ms. */
  readonly sendDelays: number[] = [];
  /** Resolves when no ticket is left and every request has settled. */
  readonly finished: Promise<void>;
  #isOver = false;
  #failuresInARow = 0;
  #freeAt: number;
  readonly #startAt: number;
  readonly #open = new Set<Exchange>();
  readonly #order: ThreadOrder;
  readonly #connections: Connections;
  readonly #wait: Wait;
  readonly #take: (index: number) => OutgoingRequest;
  readonly #resolve: () => void;

  constructor(order: ThreadOrder, connections: Connections, wait: Wait) {
    this.#order = order;
    this.#wait = wait;
    this.#connections = connections;
    this.#take = requestSource(order.requests);
    this.#startAt = fromMonotonic(order.startAt);
    this.#freeAt = this.#startAt;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.finished = promise;
    this.#resolve = resolve;
  }

  start(): void {
    this.#wait.until(this.#startAt, () => this.#pump());
  }

  /** Ends every open request at once and sends no more. */
  cancel(why: string): void {
    this.#finish();
    for (const exchange of this.#open) exchange.cancel(why);
  }

  #pump(): void {
    const burstEnd = performance.now() + LONGEST_BURST_MS;
    while (!this.#isOver && this.#open.size < this.#order.slots) {
      const index = Atomics.load(this.#order.tickets, 0);
      const now = performance.now();
      if (this.#isPastEnd(index, now)) {
        this.#finish();
        return;
      }
      const due = this.#dueAt(index);
      const next = due !== undefined && now < due ? due : now > burstEnd ? now : undefined;
      if (next !== undefined) {
        this.#wait.until(next, () => this.#pump());
        return;
      }
      if (Atomics.compareExchange(this.#order.tickets, 0, index, index + 1) === index) this.#send(index, due);
    }
    if (this.#order.slots === 0) this.#finish();
  }

  #isPastEnd(index: number, now: number): boolean {
    const { requests, lastsMs } = this.#order;
    if (lastsMs !== null && now >= this.#startAt + lastsMs) return true;
    return requests.kind === "stocked" && index >= requests.askedOutputTokens.length;
  }

  /** After this request, at most. */
  #toCome(index: number): number {
    const { requests } = this.#order;
    return requests.kind === "stocked" ? requests.askedOutputTokens.length - index - 1 : Number.POSITIVE_INFINITY;
  }

  #isHopeless(): boolean {
    const { lastsMs, slots } = this.#order;
    return lastsMs !== null && this.#failuresInARow >= FAILURES_TO_GIVE_UP + slots;
  }

  #dueAt(index: number): number | undefined {
    const { times } = this.#order;
    return times === null ? undefined : this.#startAt + times[index]!;
  }

  #send(index: number, due: number | undefined): void {
    const { timeoutSeconds, live, exactLengths = true } = this.#order;
    const { bytes, ...request } = this.#take(index);
    const { askedOutputTokens } = request;
    const exchange = new Exchange({
      ...{ askedOutputTokens, exactLengths, timeoutSeconds },
      freshConnection: () => this.#connections.takeFresh(),
      onSettled: (settled) => this.#settle(settled),
    });
    this.#open.add(exchange);
    this.sentRequests.push({ index, scheduledAt: due ?? this.#freeAt, request, exchange });
    exchange.send(this.#connections.take(this.#toCome(index)), bytes);
    this.sendDelays.push(exchange.sentAt - Math.max(due ?? 0, this.#freeAt));
    live[LIVE.open] = this.#open.size;
  }

  #settle(exchange: Exchange): void {
    // A slot that was not the last one was free all along.
    if (this.#open.size >= this.#order.slots) this.#freeAt = performance.now();
    this.#open.delete(exchange);
    this.#count(exchange);
    this.#failuresInARow = exchange.error === null ? 0 : this.#failuresInARow + 1;
    if (this.#isOver) this.#resolveWhenEmpty();
    else if (this.#isHopeless()) this.#finish();
    else this.#pump();
  }

  #count({ error, sentAt, completion: { log } }: Exchange): void {
    const { live } = this.#order;
    live[LIVE.open] = this.#open.size;
    live[LIVE.settled]! += 1;
    live[LIVE.tokens]! += log.count;
    if (error !== null) live[LIVE.failed]! += 1;
    if (error !== null || log.count === 0) return;
    const { times } = log;
    live[LIVE.ttftSum]! += times[0]! - sentAt;
    live[LIVE.ttftCount]! += 1;
    live[LIVE.itlSum]! += times[log.count - 1]! - times[0]!;
    live[LIVE.itlCount]! += log.count - 1;
  }

  #finish(): void {
    this.#isOver = true;
    this.#wait.cancel();
    this.#resolveWhenEmpty();
  }

  #resolveWhenEmpty(): void {
    if (this.#open.size === 0) this.#resolve();
  }
}
