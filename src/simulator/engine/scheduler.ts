import type { StepWork } from "../timing/step-time.ts";
import { type KvCache, UNBOUNDED } from "./kv-blocks.ts";
import { knownTokens, type Sequence } from "./sequence.ts";

/*
 * Continuous batching as vLLM v1 does it, without clock and I/O: one plan and one finish make one engine step. Every
 * running decode gets one token first; what is left of the token budget goes to prompts, in order of arrival, in chunks.
 */

export interface Queues {
  /** First come, first served. */
  waiting: Sequence[];
  /** In order of admission. */
  running: Sequence[];
}

export interface Limits {
  maxNumSeqs: number;
  /** Tokens of one step, decodes and prompt chunks together. */
  maxNumBatchedTokens: number;
}

interface Share {
  sequence: Sequence;
  tokens: number;
}

/** Who computes how many tokens in one step, and the sums that the step's duration depends on. */
export interface StepPlan extends StepWork {
  shares: Share[];
  /** Sequences put back to the queue because no block was free. */
  preempted: Sequence[];
  /** Sequences that this step takes into the batch. */
  admitted: Sequence[];
}

/** Admits from the waiting queue what fits; null when there is nothing to do. */
export function planStep(queues: Queues, limits: Limits, cache: KvCache = UNBOUNDED): StepPlan | null {
  const plan: StepPlan = { shares: [], tokens: 0, contextTokens: 0, prefillAttention: 0, preempted: [], admitted: [] };
  // Only the newest can be in mid-prompt, since it took all that was left of a budget: so decodes come first.
  for (let i = 0; i < queues.running.length; i++) {
    const sequence = queues.running[i] as Sequence;
    const tokens = tokensFor(sequence, plan, limits);
    if (tokens > 0 && makeRoom(queues, sequence, tokens, cache, plan)) addShare(plan, sequence, tokens);
  }
  if (plan.preempted.length === 0) admitWaiting(queues, limits, cache, plan);
  return plan.tokens === 0 ? null : plan;
}

/** Books a planned step; returns the sequences that got a token by it, all at the same moment. */
export function finishStep(queues: Queues, plan: StepPlan, cache: KvCache = UNBOUNDED): Sequence[] {
  const emitted: Sequence[] = [];
  for (const { sequence, tokens } of plan.shares) {
    if (sequence.state !== "running") continue;
    sequence.computed += tokens;
    if (sequence.computed < knownTokens(sequence)) continue;
    sequence.generated += 1;
    if (sequence.generated === sequence.maxTokens) {
      sequence.state = "finished";
      cache.release(sequence);
    }
    emitted.push(sequence);
  }
  queues.running = queues.running.filter((sequence) => sequence.state === "running");
  return emitted;
}

/** Takes a sequence out at once; a step already under way ignores it when it finishes. */
export function abortSequence(queues: Queues, sequence: Sequence, cache: KvCache = UNBOUNDED): void {
  sequence.state = "aborted";
  cache.release(sequence);
  queues.running = queues.running.filter((other) => other !== sequence);
  queues.waiting = queues.waiting.filter((other) => other !== sequence);
}

function admitWaiting(queues: Queues, limits: Limits, cache: KvCache, plan: StepPlan): void {
  while (queues.running.length < limits.maxNumSeqs && plan.tokens < limits.maxNumBatchedTokens) {
    const [sequence] = queues.waiting;
    const cached = sequence === undefined ? null : cache.admit(sequence);
    if (sequence === undefined || cached === null) return;
    queues.waiting.shift();
    sequence.state = "running";
    sequence.computed = cached;
    if (sequence.preemptions === 0) sequence.cachedTokens = cached;
    const tokens = tokensFor(sequence, plan, limits);
    cache.grow(sequence, sequence.computed + tokens);
    queues.running.push(sequence);
    plan.admitted.push(sequence);
    addShare(plan, sequence, tokens);
  }
}

/** Preempts the newest sequences until there is room. @returns false when the sequence itself had to go */
function makeRoom(queues: Queues, sequence: Sequence, tokens: number, cache: KvCache, plan: StepPlan): boolean {
  while (!cache.grow(sequence, sequence.computed + tokens)) {
    const newest = queues.running.pop() as Sequence;
    preempt(queues, newest, cache);
    plan.preempted.push(newest);
    if (newest === sequence) return false;
  }
  return true;
}

/** Back to the front of the queue; its keys and values are lost and will be computed again. */
function preempt(queues: Queues, sequence: Sequence, cache: KvCache): void {
  cache.release(sequence);
  sequence.state = "waiting";
  sequence.computed = 0;
  sequence.preemptions += 1;
  queues.waiting.unshift(sequence);
}

function tokensFor(sequence: Sequence, plan: StepPlan, { maxNumBatchedTokens }: Limits): number {
  return Math.min(knownTokens(sequence) - sequence.computed, maxNumBatchedTokens - plan.tokens);
}

function addShare(plan: StepPlan, sequence: Sequence, tokens: number): void {
  plan.shares.push({ sequence, tokens });
  plan.tokens += tokens;
  plan.contextTokens += sequence.computed + tokens;
  if (tokens > 1) plan.prefillAttention += tokens * (sequence.computed + tokens / 2);
}
