import { setTimeout as pause } from "node:timers/promises";
import { isHealthy } from "../engine/endpoint.ts";
import { watchEngine } from "../engine/watch.ts";
import type { EngineRecord } from "../result/engine-record.ts";
import type { Failure } from "./serving-client.ts";

/** A dying engine drops its connections first; vLLM's server outlives its engine core by a second or two. */
const DYING_MS = 3000;

const CANCELLED: Failure = { reason: "cancelled", detail: "the run was cancelled" };

export interface EngineVigil {
  /** Aborts when the engine dies or the run is cancelled. */
  signal: AbortSignal;
  /** Why nothing more can be measured; a cancel comes first, because it often takes the engine with it. */
  cause(): Failure | undefined;
  /** After requests failed: gives a dying engine the time to be gone, and says whether it is. */
  inquest(): Promise<Failure | undefined>;
  close(): void;
}

/** Watches an engine while it is measured. @param cancelled the run's own signal */
export function keepVigil(engine: EngineRecord, cancelled: AbortSignal): EngineVigil {
  const watch = watchEngine(engine);
  const dead = new AbortController();
  let death: Failure | undefined;
  const noticed = watch.died.then((news) => {
    death = news;
    dead.abort(new Error(news.detail));
  });
  const cause = () => (cancelled.aborted ? CANCELLED : death);
  return {
    signal: AbortSignal.any([cancelled, dead.signal]),
    cause,
    async inquest() {
      // A server that somebody else runs has no process here that could be seen dying.
      const { pid, baseUrl } = engine;
      if (pid === null || baseUrl === null || cause() !== undefined) return cause();
      if (!(await isHealthy(baseUrl, cancelled))) await Promise.race([noticed, pause(DYING_MS)]);
      return cause();
    },
    close: () => watch.close(),
  };
}
