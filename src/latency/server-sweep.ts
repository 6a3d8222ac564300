import { Pool } from "undici";
import { z } from "zod";
import { UserError } from "../errors.ts";
import { randomPrompt } from "../load/prompts.ts";
import { seededRandom } from "../load/random.ts";
import type { SizeResult, SweepPlan, SweepWatcher } from "./sweep.ts";

const Completion = z.object({
  usage: z.object({ prompt_tokens: z.int(), completion_tokens: z.int() }),
});
type Usage = z.infer<typeof Completion>["usage"];

/**
 * Batch latency of a server: a batch of n is n requests sent at once, and its latency runs from the first send to the
 * last whole answer. Every iteration has fresh prompts, because servers cache prefixes and the offline engine does not.
 */
export async function sweepServer(
  target: { baseUrl: string; model: string },
  plan: SweepPlan,
  watcher: SweepWatcher,
  signal: AbortSignal,
): Promise<void> {
  const pool = new Pool(new URL(target.baseUrl).origin, { connections: null, bodyTimeout: 0, headersTimeout: 0 });
  const path = `${new URL(target.baseUrl).pathname.replace(/\/$/, "")}/v1/completions`;
  const random = seededRandom(plan.seed, 0);
  const body = () =>
    JSON.stringify({
      model: target.model,
      prompt: randomPrompt(plan.inputLen, random),
      max_tokens: plan.outputLen,
      ignore_eos: true,
      temperature: plan.sampling.temperature,
      top_p: plan.sampling.topP,
      detokenize: plan.sampling.detokenize,
    });

  async function complete(payload: string): Promise<Usage> {
    const headers = { "content-type": "application/json" };
    const response = await pool.request({ method: "POST", path, headers, body: payload, signal });
    const answer = await response.body.text();
    if (response.statusCode !== 200) throw new UserError(`HTTP ${response.statusCode}: ${answer.slice(0, 500)}`);
    return Completion.parse(JSON.parse(answer)).usage;
  }

  async function iterate(batchSize: number): Promise<{ seconds: number; usages: Usage[] }> {
    const payloads = Array.from({ length: batchSize }, body);
    const start = performance.now();
    const usages = await Promise.all(payloads.map(complete));
    return { seconds: (performance.now() - start) / 1000, usages };
  }

  let done = 0;
  async function measure(batchSize: number): Promise<SizeResult> {
    const startedAt = new Date();
    const latenciesS: number[] = [];
    let warmupSeconds = 0;
    let usages: Usage[] = [];
    try {
      for (let i = 0; i < plan.warmup + plan.iterations; i++) {
        const iteration = await iterate(batchSize);
        if (i < plan.warmup) warmupSeconds += iteration.seconds;
        else latenciesS.push(iteration.seconds);
        usages = iteration.usages;
        watcher.onIteration(++done, `batch ${batchSize}`);
      }
    } catch (error) {
      const clock = { batchSize, startedAt, finishedAt: new Date(), warmupSeconds, latenciesS };
      return { status: "failed", ...clock, outOfMemory: false, error: failureText(error) };
    }
    const clock = { batchSize, startedAt, finishedAt: new Date(), warmupSeconds, latenciesS };
    const inputTokens = usages.map((usage) => usage.prompt_tokens);
    return { status: "measured", ...clock, inputTokens, outputTokens: usages.map((usage) => usage.completion_tokens) };
  }

  try {
    for (const batchSize of plan.batchSizes) {
      if (signal.aborted) return;
      await watcher.onSize(await measure(batchSize));
    }
  } finally {
    await pool.destroy();
  }
}

function failureText(error: unknown): string {
  if (error instanceof z.ZodError) return `the answer is not a completion: ${z.prettifyError(error)}`;
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
