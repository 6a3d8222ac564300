import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Tools } from "../../tools.ts";
import { isHealthy } from "../server/endpoint.ts";
import type { LaunchedEngine } from "./launch.ts";
import { type NotHealthy, startFailure } from "./start-failure.ts";

const POLL_SECONDS = 0.25;

interface Limits {
  limitSeconds: number;
  /** Between two looks; the end of the process is noticed without any. */
  pollSeconds?: number | undefined;
}

type Healthy = { kind: "healthy" };

/** Resolves when /health answers 200. @throws EngineError as soon as it cannot or may not come to that any more */
export async function waitUntilHealthy(engine: LaunchedEngine, limits: Limits, tools: Tools): Promise<void> {
  const end = await firstEnd(engine, limits, tools);
  if (end.kind !== "healthy") throw await startFailure(end, engine.record);
}

async function firstEnd(
  { ended, record }: LaunchedEngine,
  { limitSeconds, pollSeconds = POLL_SECONDS }: Limits,
  tools: Tools,
): Promise<Healthy | NotHealthy> {
  if (tools.signal.aborted) return { kind: "cancelled" };
  const progress = tools.report.progress("Waiting until the engine is healthy", {
    atMost: limitSeconds,
    unit: "s",
  });
  const over = new AbortController();
  const { signal } = over;
  try {
    return await Promise.race([
      ended,
      healthy(record.baseUrl, { signal, pollSeconds }, (seconds) =>
        progress.update(Math.min(Math.round(seconds), limitSeconds)),
      ),
      sleep(limitSeconds * 1000, { kind: "timeout", limitSeconds } as const, { signal }),
      once(tools.signal, "abort", { signal }).then(() => ({ kind: "cancelled" }) as const),
    ]);
  } finally {
    over.abort();
    progress.end();
  }
}

async function healthy(
  baseUrl: string,
  { signal, pollSeconds }: { signal: AbortSignal; pollSeconds: number },
  onPoll: (seconds: number) => void,
): Promise<Healthy> {
  const start = performance.now();
  while (!(await isHealthy(baseUrl, signal))) {
    await sleep(pollSeconds * 1000, undefined, { signal });
    onPoll((performance.now() - start) / 1000);
  }
  return { kind: "healthy" };
}
