import { limitFailure } from "../../engine/watch/time-limit.ts";
import type { Takes } from "../../result/document/takes.ts";
import { type SizeResult, type SweepCell, type SweepPlan, type SweepWatcher, sizeLimit } from "../sweep.ts";
import { sizeLabel } from "../sweep-cells.ts";
import { requestFailure } from "./request-failure.ts";
import { BatchClient, type ServerTarget, type Usage } from "./server-batches.ts";

/**
 * Batch latency of a server: a batch of n is n requests sent at once, and its latency runs from the first send to the
 * last whole answer.
 */
export async function sweepServer(
  target: ServerTarget,
  plan: SweepPlan,
  watcher: SweepWatcher,
  signal: AbortSignal,
): Promise<void> {
  const client = new BatchClient(target, plan);
  let done = 0;
  const onIteration = (cell: SweepCell) => watcher.onIteration(++done, sizeLabel(cell));
  try {
    for (const cell of plan.cells) {
      if (signal.aborted) return;
      const seconds = sizeLimit(cell, target.benchmarkTimeout);
      const { takes } = target;
      await watcher.onSize(await measureSize(client, plan, cell, { signal, seconds, onIteration, takes }));
    }
  } finally {
    await client.close();
  }
}

async function measureSize(
  client: BatchClient,
  plan: SweepPlan,
  cell: SweepCell,
  {
    signal,
    seconds,
    onIteration,
    takes,
  }: Pick<ServerTarget, "takes"> & {
    signal: AbortSignal;
    seconds: number;
    onIteration(cell: SweepCell): void;
  },
): Promise<SizeResult> {
  const startedAt = new Date();
  const limit = AbortSignal.timeout(seconds * 1000);
  const either = AbortSignal.any([signal, limit]);
  const latenciesS: number[] = [];
  let warmupSeconds = 0;
  let usages: Usage[] = [];
  const clock = () => ({ cell: cell.id, startedAt, finishedAt: new Date(), warmupSeconds, latenciesS });
  try {
    for (let i = 0; i < plan.warmup + plan.iterations; i++) {
      const iteration = await client.iterate(cell, either);
      if (i < plan.warmup) warmupSeconds += iteration.seconds;
      else latenciesS.push(iteration.seconds);
      // The first iteration that fell short stands for all: the gate must see it.
      if (i <= plan.warmup || usages.every((usage) => isAsAsked(usage, cell, takes))) usages = iteration.usages;
      onIteration(cell);
    }
  } catch (error) {
    if (limit.aborted && !signal.aborted) {
      const { reason, detail } = limitFailure(seconds);
      return { status: "failed", ...clock(), reason, error: detail };
    }
    return { status: "failed", ...clock(), ...requestFailure(error) };
  }
  const inputTokens = usages.map((usage) => usage.prompt_tokens);
  const outputTokens = usages.map((usage) => usage.completion_tokens);
  return { status: "measured", ...clock(), inputTokens, outputTokens };
}

function isAsAsked(usage: Usage, { inputLen, outputLen, sampling }: SweepCell, takes: Takes | undefined): boolean {
  const most = outputLen * sampling.n;
  const { prompt_tokens: input, completion_tokens: output } = usage;
  const isInput = takes?.tokenIds === null || input === inputLen;
  return isInput && (takes?.exactLengths === null ? output > 0 && output <= most : output === most);
}
