import { availableParallelism } from "node:os";
import { PITWALL } from "../../package-root.ts";
import type { RequestSamples } from "../../result/document/cell.ts";
import { type ClientLimits, judgeClient } from "../../result/gate/client-limits.ts";
import { LoadThreadDeath, LoadThreads } from "../run/load-threads.ts";
import { type LoadResult, runLoad } from "../run/run-load.ts";
import type { ClientEnd, ClientWatch, ServingClient, ServingLoad } from "./serving-client.ts";

interface PitwallClientOptions {
  baseUrl: string;
  model: string;
  limits: ClientLimits;
  /** Threads that send; undefined: one, and more when that turns out to be too few. */
  threads: number | undefined;
  warn(message: string): void;
}

/** Our own load generator. Its threads stay for all cells, so that their code is compiled once. */
export function pitwallClient({ baseUrl, model, limits, threads: fixed, warn }: PitwallClientOptions): ServingClient {
  let threads = new LoadThreads(fixed ?? 1);
  const most = fixed ?? Math.max(1, availableParallelism() - 1);
  async function replace(count: number) {
    await threads.close();
    threads = new LoadThreads(count);
  }
  return {
    identity: PITWALL,
    close: () => threads.close(),
    async measure(name: string, load: ServingLoad, watch: ClientWatch): Promise<ClientEnd> {
      for (;;) {
        const result = await runLoad({ ...load, baseUrl, model }, threads, watch).catch(mishapAsEnd);
        if ("failure" in result) {
          await replace(threads.count);
          return result;
        }
        const limitedBy = judgeClient(result.health, factsOf(load, result.samples), limits);
        const more = Math.min(2 * threads.count, most);
        if (limitedBy.length === 0 || more === threads.count || watch.signal.aborted) return endOf(result, limitedBy);
        warn(`${name}: the client was the limit (${limitedBy.join("; ")}); measuring again with ${more} threads`);
        await replace(more);
      }
    },
  };
}

/**
 * The cell is lost, its requests with it, but not those before and after it, whatever went wrong. What a thread that
 * still flies would say afterwards nobody hears: it is replaced.
 */
function mishapAsEnd(error: unknown): Extract<ClientEnd, { failure: unknown }> {
  const detail = error instanceof LoadThreadDeath ? error.message : `a bug of pitwall: ${error}`;
  return { warmupSeconds: 0, measuredSeconds: 0, failure: { reason: "client_failed", detail } };
}

/** A request waits that long for a slot, not for the client. */
const HELD_BACK_MS = 5;

function factsOf({ load }: ServingLoad, { errors, scheduledMs, sentMs, durationS: seconds }: RequestSamples) {
  const isCapped = load.kind === "open-loop" && load.maxConcurrency !== undefined;
  const waited = sentMs.some((sent, index) => sent !== null && sent - scheduledMs[index]! > HELD_BACK_MS);
  const sent = sentMs.filter((at) => at !== null).length;
  return { failed: errors.filter((error) => error !== null).length, heldBack: isCapped && waited, sent, seconds };
}

function endOf({ samples, health, warmupSeconds }: LoadResult, limitedBy: string[]): ClientEnd {
  return {
    measurement: { kind: "requests", requests: samples },
    health: { ...health, ...(limitedBy.length > 0 ? { limitedBy } : {}) },
    warmupSeconds,
    measuredSeconds: samples.durationS,
  };
}
