import type { ServingCell } from "../../src/load/strategy/serving-cell.ts";
import type { RequestSamples } from "../../src/result/document/cell.ts";
import { finishStep, planStep, type Queues } from "../../src/simulator/engine/scheduler.ts";
import { newSequence, type Sequence } from "../../src/simulator/engine/sequence.ts";
import { type StepTiming, stepMs } from "../../src/simulator/timing/step-time.ts";
import { sendTimes } from "../../src/workload/arrivals/send-times.ts";
import { seededRandom } from "../../src/workload/random.ts";

/*
 * The simulated engine without a clock: its scheduler and its step times, played through as fast as they compute. The
 * same timing and noise give the same numbers on every machine.
 */

export interface VirtualEngine {
  timing: StepTiming;
  /** Factor of the next step's duration. */
  noise: () => number;
}

const LIMITS = { maxNumSeqs: 256, maxNumBatchedTokens: 8192 };

interface Arrival {
  atMs: number;
  inputLen: number;
  outputLen: number;
}

/** Moments of each request's tokens in ms, in the order of the arrivals, which must ascend. */
function play({ timing, noise }: VirtualEngine, arrivals: readonly Arrival[]): number[][] {
  const queues: Queues = { waiting: [], running: [] };
  const tokens = new Map<Sequence, number[]>();
  let clock = 0;
  let next = 0;
  for (;;) {
    for (; next < arrivals.length && arrivals[next]!.atMs <= clock; next++) {
      const sequence = newSequence(arrivals[next]!.inputLen, arrivals[next]!.outputLen);
      queues.waiting.push(sequence);
      tokens.set(sequence, []);
    }
    const plan = planStep(queues, LIMITS);
    if (plan !== null) {
      clock += stepMs(timing, plan) * noise();
      for (const sequence of finishStep(queues, plan)) tokens.get(sequence)!.push(clock);
    } else if (next < arrivals.length) clock = arrivals[next]!.atMs;
    else return [...tokens.values()];
  }
}

interface Batch {
  batchSize: number;
  inputLen: number;
  outputLen: number;
}

/** Seconds of one whole batch. */
export function batchLatency(engine: VirtualEngine, { batchSize, inputLen, outputLen }: Batch): number {
  const moments = play(
    engine,
    Array.from({ length: batchSize }, () => ({ atMs: 0, inputLen, outputLen })),
  );
  return moments.flat().reduce((last, moment) => Math.max(last, moment), 0) / 1000;
}

/** What a load generator would have recorded of an open loop. */
export function serveRequests(engine: VirtualEngine, { load: plan }: ServingCell): RequestSamples {
  const { load, bound, prompts, seed } = plan;
  if (load.kind !== "open-loop" || prompts.kind !== "random")
    throw new RangeError("only open loops of random prompts are played");
  const { inputLen, outputLen } = prompts;
  const scheduledMs = [...sendTimes(load.arrivals, bound, seededRandom(seed, 0))];
  const moments = play(
    engine,
    scheduledMs.map((atMs) => ({ atMs, inputLen, outputLen })),
  );
  const ends = moments.map((tokens) => tokens.at(-1)!);
  return {
    durationS: Math.max(...ends) / 1000,
    scheduledMs,
    sentMs: scheduledMs,
    firstTokenMs: moments.map((tokens) => tokens[0]!),
    lastTokenMs: ends,
    endMs: ends,
    gapsMs: moments.map((tokens) => tokens.slice(1).map((moment, i) => moment - tokens[i]!)),
    askedInputTokens: moments.map(() => inputLen),
    askedOutputTokens: moments.map(() => outputLen),
    inputTokens: moments.map(() => inputLen),
    outputTokens: moments.map((tokens) => tokens.length),
    finishReasons: moments.map(() => "length"),
    errors: moments.map(() => null),
  };
}

/** The same recording when the engine dies once `completed` requests have ended. */
export function cutOff(samples: RequestSamples, completed: number): RequestSamples {
  const ends = samples.lastTokenMs.map((moment) => moment!);
  const diedAt = ends.toSorted((a, b) => a - b)[completed - 1]!;
  const isGood = (index: number) => ends[index]! <= diedAt;
  return {
    ...samples,
    durationS: diedAt / 1000,
    sentMs: samples.sentMs.map((moment) => (moment! <= diedAt ? moment : null)),
    firstTokenMs: samples.firstTokenMs.map((moment, i) => (isGood(i) ? moment : null)),
    lastTokenMs: samples.lastTokenMs.map((moment, i) => (isGood(i) ? moment : null)),
    endMs: samples.endMs.map((moment, i) => (isGood(i) ? moment : null)),
    gapsMs: samples.gapsMs.map((gaps, i) => (isGood(i) ? gaps : [])),
    outputTokens: samples.outputTokens.map((count, i) => (isGood(i) ? count : 0)),
    finishReasons: samples.finishReasons.map((reason, i) => (isGood(i) ? reason : null)),
    errors: samples.errors.map((_, i) => (isGood(i) ? null : "connection: the engine closed the connection")),
  };
}
