import { setTimeout as sleep } from "node:timers/promises";
import { type Pod, statusesOf } from "../pod.ts";
import { kubectlChild, lastError } from "./child.ts";
import { idOf } from "./engine-end.ts";
import type { Orders } from "./orders.ts";

const AGAIN_MS = 1000;

/** Follows the log of each container from its first line, once for each time it was begun; kubectl writes it to our output itself. */
export class PodLogs {
  readonly #orders: Orders;
  /** The runs of containers that are or were followed, and whether each still goes on. */
  readonly #runs = new Map<string, boolean>();
  readonly #following = new Map<string, Promise<void>>();

  constructor(orders: Orders) {
    this.#orders = orders;
  }

  /** Looks which containers of a pod have begun or ended. */
  see(pod: Pod): void {
    for (const { name, restartCount, state, lastState } of statusesOf(pod)) {
      const runOf = (count: number) => `${idOf(pod)}/${name}/${count}`;
      // The one before may never be seen ended, or not at all: only that it was begun anew.
      if (restartCount > 0) this.#note(runOf(restartCount - 1), false, () => this.#readPrevious(pod, name), lastState);
      const run = runOf(restartCount);
      this.#note(run, state?.running != null, () => this.#follow(pod, name, run), state?.running ?? state?.terminated);
    }
  }

  #note(run: string, goesOn: boolean, read: () => Promise<void>, isThere: unknown): void {
    if (this.#runs.has(run)) this.#runs.set(run, goesOn);
    else if (isThere) {
      this.#runs.set(run, goesOn);
      this.#following.set(run, read());
    }
  }

  /** Resolves when those that have ended are read to their end, or after the limit; others, and what was begun anew, go on. */
  async settle(limitMs: number): Promise<void> {
    const ended = [...this.#following]
      .filter(([run]) => this.#runs.get(run) === false)
      .map(([, following]) => following);
    await Promise.race([Promise.all(ended), sleep(limitMs)]);
  }

  async #readPrevious(pod: Pod, container: string): Promise<void> {
    await lastError(kubectlChild(this.#orders.kubectl, this.#words(pod, container, ["--previous"]), "inherit"));
  }

  async #follow(pod: Pod, container: string, run: string): Promise<void> {
    let since: string[] = [];
    for (;;) {
      const words = this.#words(pod, container, ["--follow", ...since]);
      await lastError(kubectlChild(this.#orders.kubectl, words, "inherit"));
      // A server that ends a long connection is asked for the rest.
      since = ["--since-time", new Date().toISOString()];
      if (!this.#runs.get(run)) return;
      await sleep(AGAIN_MS);
      if (!this.#runs.get(run)) return;
    }
  }

  #words({ metadata: { name, namespace = "default" } }: Pod, container: string, which: readonly string[]): string[] {
    const prefix = this.#orders.prefix ? ["--prefix"] : [];
    return ["logs", name, ...which, "--namespace", namespace, "--container", container, ...prefix];
  }
}
