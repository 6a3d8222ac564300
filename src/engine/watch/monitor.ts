import type { EngineRecord } from "../../result/document/engine-record.ts";
import { CANCELLED, type Failure } from "../../result/document/reason.ts";
import { watchForHang } from "./hang.ts";
import { watchEngine } from "./watch.ts";

export interface EngineMonitor {
  /** Aborts when the engine dies or hangs, or the run is cancelled. */
  signal: AbortSignal;
  /** Why nothing more can be measured; a cancel comes first, because it often takes the engine with it. */
  cause(): Failure | undefined;
  /** After requests failed: gives a dying engine the time to be gone, and says whether it is. */
  diagnose(): Promise<Failure | undefined>;
  close(): void;
}

/**
 * Watches an engine while it is measured.
 * @param cancelled the run's own signal
 * @param hangSeconds without a token, until an engine with requests counts as hung
 */
export function monitorEngine(engine: EngineRecord, cancelled: AbortSignal, hangSeconds?: number): EngineMonitor {
  const watch = watchEngine(engine);
  const hang = watchForHang(engine, hangSeconds);
  const dead = new AbortController();
  let death: Failure | undefined;
  const notice = (news: Failure | undefined) => {
    if (news === undefined || death !== undefined) return;
    death = news;
    dead.abort(new Error(news.detail));
  };
  hang.hung.then(notice);
  watch.died.then(notice);
  const cancel = new Promise<undefined>((resolve) => {
    cancelled.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  const cause = () => (cancelled.aborted ? CANCELLED : death);
  return {
    signal: AbortSignal.any([cancelled, dead.signal]),
    cause,
    async diagnose() {
      if (cause() === undefined) notice(await Promise.race([watch.check(), cancel]));
      return cause();
    },
    close() {
      watch.close();
      hang.close();
    },
  };
}
