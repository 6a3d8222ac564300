import { setTimeout as sleep } from "node:timers/promises";
import type { GpuReading } from "../../machine/gpu/reading.ts";
import { askTool } from "../../machine/gpu/tool-process.ts";
import { excerpt, type FeedOptions, type GpuFeed } from "./feed.ts";

/** AMD's tools are Python programs that end after one answer: asked more often they would take a share of a core. */
const SHORTEST_PAUSE_SECONDS = 2;
const ANSWER_LIMIT_MS = 5000;

/** A tool that is started anew for each answer. @param read its answer; undefined when there is no GPU in it */
export function pollFeed(
  { program, env, intervalSeconds, onReading }: FeedOptions,
  args: readonly string[],
  read: (answer: string) => GpuReading[] | undefined,
): GpuFeed {
  const ended = new AbortController();
  const pauseMs = Math.max(SHORTEST_PAUSE_SECONDS, intervalSeconds) * 1000;
  let fault: string | undefined;

  async function poll(): Promise<void> {
    while (!ended.signal.aborted && fault === undefined) {
      const answer = await askTool({ program, args, env, signal: ended.signal }, ANSWER_LIMIT_MS);
      if (ended.signal.aborted) return;
      const readings = answer === undefined ? undefined : read(answer.stdout);
      for (const reading of readings ?? []) onReading(reading);
      if (answer === undefined) fault = `did not answer within ${ANSWER_LIMIT_MS / 1000} s`;
      else if (readings === undefined) fault = `ended with exit code ${answer.exitCode}: ${excerpt(answer.words)}`;
      // Not referenced: it alone does not keep this process alive.
      else await sleep(pauseMs, undefined, { signal: ended.signal, ref: false }).catch(() => undefined);
    }
  }

  const done = poll();
  return {
    fault: () => fault,
    async stop() {
      ended.abort();
      await done;
    },
  };
}
