import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { programPath } from "../../package-root.ts";
import type { Target } from "../http/target.ts";
import {
  type FromThread,
  LIVE,
  LIVE_LENGTH,
  type ThreadOrder,
  type ThreadResult,
  type ToThread,
} from "../thread/thread-order.ts";
import { makeHelpersStandBack } from "./helper-threads.ts";

/** Sums over all threads since the load began. */
export type LiveCounts = Record<keyof typeof LIVE, number>;

export interface Flying {
  threadResults: Promise<ThreadResult[]>;
  live(): LiveCounts;
}

/** What is asked of all threads together; each gets its share of the slots. */
export type SharedOrder = Omit<ThreadOrder, "slots" | "tickets" | "live"> & { limit: number };

/** A thread is gone before its time: it ran out of memory, or met a bug of ours. */
export class LoadThreadDeath extends Error {
  override name = "LoadThreadDeath";
}

/** The threads that send requests. They live as long as a benchmark, so that their code is warm and stays so. */
export class LoadThreads {
  readonly #workers: readonly Worker[];
  /** Rejects when one of them ends, also between two questions, where nobody waits for an answer. */
  readonly #death: Promise<never>;

  constructor(count: number) {
    this.#workers = Array.from({ length: count }, () => new Worker(programPath("load-thread")));
    this.#death = Promise.race(this.#workers.map(deathOf));
    this.#death.catch(() => {});
    makeHelpersStandBack();
  }

  get count(): number {
    return this.#workers.length;
  }

  /** Opens connections; see `Connections.prepare`. Numbers are of all threads together. */
  async prepare(
    target: Target,
    { connections, spare, isTimed }: { connections: number; spare: number; isTimed: boolean },
  ): Promise<void> {
    await this.#askAll("prepared", (thread) => ({
      kind: "prepare",
      target,
      connections: share(connections, thread, this.count),
      spare: Math.ceil(spare / this.count),
      isTimed,
    }));
  }

  /** One thread takes what is due whenever it has room, so that none idles while requests wait. */
  fly({ limit, ...order }: SharedOrder): Flying {
    const tickets = new Int32Array(new SharedArrayBuffer(4));
    const lives = this.#workers.map(() => new Float64Array(new SharedArrayBuffer(8 * LIVE_LENGTH)));
    const threadResults = this.#askAll("finished", (thread) => ({
      kind: "run",
      order: { ...order, slots: share(limit, thread, this.count), tickets, live: lives[thread]! },
    }));
    return {
      threadResults: threadResults.then((all) => all.map(({ threadResult }) => threadResult)),
      live: () => sumOf(lives),
    };
  }

  cancel(why: string): void {
    for (const worker of this.#workers) worker.postMessage({ kind: "cancel", why } satisfies ToThread);
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  /** @throws LoadThreadDeath when a thread has ended */
  async #askAll<K extends FromThread["kind"]>(kind: K, question: (thread: number) => ToThread) {
    const answers = this.#workers.map(async (worker, thread) => {
      const answered = new AbortController();
      const { signal } = answered;
      // `once` rejects with the thread's own error, which does not say whose it is.
      const answer = once(worker, "message", { signal }).then(
        ([message]) => message as FromThread,
        () => this.#death,
      );
      worker.postMessage(question(thread));
      const message = await Promise.race([answer, this.#death]).finally(() => answered.abort());
      if (message.kind !== kind) throw new Error(`a load thread answered “${message.kind}” instead of “${kind}”`);
      return message as Extract<FromThread, { kind: K }>;
    });
    return Promise.all(answers);
  }
}

function deathOf(worker: Worker): Promise<never> {
  return new Promise((_, reject) => {
    const end = (why: string, cause?: Error) => reject(new LoadThreadDeath(`a load thread ended: ${why}`, { cause }));
    worker.once("error", (cause: Error) => end(cause.message, cause));
    worker.once("exit", (code) => end(`exit code ${code}`));
  });
}

function share(total: number, thread: number, threads: number): number {
  return Number.isFinite(total) ? Math.floor(total / threads) + (thread < total % threads ? 1 : 0) : total;
}

function sumOf(lives: readonly Float64Array[]): LiveCounts {
  const sum = (place: number) => lives.reduce((total, live) => total + live[place]!, 0);
  return Object.fromEntries(Object.entries(LIVE).map(([name, place]) => [name, sum(place)])) as LiveCounts;
}
