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
  readonly #following = new Set<Promise<void>>();

  constructor(orders: Orders) {
    this.#orders = orders;
  }

  /** Looks which containers of a pod have begun or ended. */
  see(pod: Pod): void {
    for (const { name, restartCount, state } of statusesOf(pod)) {
      const run = `${idOf(pod)}/${name}/${restartCount}`;
      const isKnown = this.#runs.has(run);
      if (state?.running || state?.terminated) this.#runs.set(run, state.running != null);
      if (isKnown || !this.#runs.has(run)) continue;
      const following = this.#follow(pod, name, run).finally(() => this.#following.delete(following));
      this.#following.add(following);
    }
  }

  /** Resolves when those that have ended are read to their end, or after the limit. */
  async settle(limitMs: number): Promise<void> {
    await Promise.race([Promise.all(this.#following), sleep(limitMs)]);
  }

  async #follow({ metadata }: Pod, container: string, run: string): Promise<void> {
    const place = ["--namespace", metadata.namespace ?? "default", "--container", container];
    let since: string[] = [];
    do {
      const args = [
        "logs",
        metadata.name,
        "--follow",
        ...place,
        ...since,
        ...(this.#orders.prefix ? ["--prefix"] : []),
      ];
      const child = kubectlChild(this.#orders.kubectl, args, "inherit");
      await lastError(child);
      // A server that ends a long connection is asked for the rest.
      since = ["--since-time", new Date().toISOString()];
      await sleep(AGAIN_MS);
    } while (this.#runs.get(run));
  }
}
