import { Worker } from "node:worker_threads";
import { monotonicMs } from "./monotonic.ts";

/** Cells of the shared memory: a counter each for alarms set and alarms rung. */
const SET = 0;
const RUNG = 1;

/** How late an alarm can be before a timer of the event loop stands in for it. */
const NET_MS = 20;

/**
 * An alarm that is exact where a timer of the event loop is not: those count whole milliseconds and come up to 1.5 ms
 * late. A thread sleeps on a futex in our place, so that this one stays in its loop and reads what arrives.
 */
export class Alarm {
  readonly #cells: Int32Array<SharedArrayBuffer>;
  readonly #time: Float64Array<SharedArrayBuffer>;
  readonly #onRing: () => void;
  #net: NodeJS.Timeout | undefined;

  /** @param onRing called at the time set last; may be called early, for a time set before */
  constructor(onRing: () => void) {
    const shared = new SharedArrayBuffer(16);
    this.#cells = new Int32Array(shared, 0, 2);
    this.#time = new Float64Array(shared, 8, 1);
    this.#time[0] = Number.POSITIVE_INFINITY;
    this.#onRing = onRing;
    new Worker(`(${sleepAndRing})(require("node:worker_threads").workerData)`, {
      eval: true,
      workerData: shared,
    }).unref();
    this.#listen();
  }

  /** Replaces what was set before. @param time CLOCK_MONOTONIC, ms */
  set(time: number): void {
    this.#time[0] = time;
    this.#net ??= setInterval(() => this.#catch(), NET_MS).unref();
    Atomics.add(this.#cells, SET, 1);
    Atomics.notify(this.#cells, SET);
  }

  /** On a machine with too much to do the other thread may get no turn for seconds, while this one does. */
  #catch(): void {
    if (this.#time[0]! <= monotonicMs() - NET_MS) this.#onRing();
  }

  #listen(): void {
    const rung = Atomics.waitAsync(this.#cells, RUNG, Atomics.load(this.#cells, RUNG));
    Promise.resolve(rung.value).then(() => {
      this.#listen();
      this.#onRing();
    });
  }
}

/** Runs in the thread, from its source text: it can use nothing of this module. */
function sleepAndRing(shared: SharedArrayBuffer): never {
  const cells = new Int32Array(shared, 0, 2);
  const time = new Float64Array(shared, 8, 1);
  for (;;) {
    const set = Atomics.load(cells, 0);
    const [seconds, nanoseconds] = process.hrtime();
    const rest = (time[0] as number) - seconds * 1e3 - nanoseconds / 1e6;
    if (rest > 0 && Atomics.wait(cells, 0, set, rest) !== "timed-out") continue;
    Atomics.add(cells, 1, 1);
    Atomics.notify(cells, 1);
    Atomics.wait(cells, 0, set);
  }
}
