import type { EngineTelemetry } from "../../result/document/telemetry.ts";
import type { Window } from "../window.ts";
import { MetricsPage } from "./metrics-page.ts";
import { type EngineRead, summarizeEngine } from "./summary.ts";

const SAMPLE_LIMIT_MS = 5000;
const LAST_SAMPLE_LIMIT_MS = 2000;

interface EngineMetricsOptions {
  /** Without /v1. */
  baseUrl: string;
  intervalSeconds?: number;
  /** Ends the sampling. */
  signal: AbortSignal;
}

interface EngineMetricsWatch {
  /** Reads once more and ends. Never throws; undefined when the server told nothing. */
  finish(window: Window): Promise<EngineTelemetry | undefined>;
}

/**
 * Samples `/metrics` at once and then at every interval. A read that is late takes the place of those that would have
 * begun meanwhile; a server without the page is asked once.
 */
export function watchEngineMetrics({ baseUrl, intervalSeconds = 1, signal }: EngineMetricsOptions): EngineMetricsWatch {
  const page = new MetricsPage(baseUrl);
  const ended = new AbortController();
  const either = AbortSignal.any([signal, ended.signal]);
  const reads: EngineRead[] = [];
  let pending: Promise<void> | undefined;

  async function sample(limitMs: number, until: AbortSignal): Promise<void> {
    const atMs = performance.now();
    const answer = await page.read(AbortSignal.any([until, AbortSignal.timeout(limitMs)]));
    if (answer.kind === "reading") reads.push({ atMs, reading: answer.reading });
    if (answer.kind === "no-metrics" && reads.length === 0) clearInterval(timer);
  }
  function tick(): void {
    if (pending !== undefined || either.aborted) return;
    pending = sample(SAMPLE_LIMIT_MS, either).finally(() => {
      pending = undefined;
    });
  }

  const timer = setInterval(tick, intervalSeconds * 1000).unref();
  tick();
  return {
    async finish(window) {
      clearInterval(timer);
      ended.abort();
      await pending;
      if (reads.length > 0 && !signal.aborted) await sample(LAST_SAMPLE_LIMIT_MS, signal);
      await page.close();
      return summarizeEngine(reads, window);
    },
  };
}
