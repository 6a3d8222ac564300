/*
 * Continuous batching as vLLM v1 does it, without clock and I/O: one plan and one finish make one engine step. Every
 * running decode gets one token first; what is left of the token budget goes to prompts, in order of arrival, in chunks.
 */

/** One generation. `computed` counts tokens whose keys and values are in the cache, `generated` those handed out. */
export interface Sequence {
  readonly promptTokens: number;
  readonly maxTokens: number;
  computed: number;
  generated: number;
  state: "waiting" | "running" | "finished" | "aborted";
}

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
export interface StepPlan {
  shares: Share[];
  tokens: number;
  /** Tokens whose keys and values the step reads: the contexts of all its sequences. */
  contextTokens: number;
}

export function newSequence(promptTokens: number, maxTokens: number): Sequence {
  return { promptTokens, maxTokens, computed: 0, generated: 0, state: "waiting" };
}

/** Admits from the waiting queue what fits; null when there is nothing to do. */
export function planStep(queues: Queues, limits: Limits): StepPlan | null {
  const plan: StepPlan = { shares: [], tokens: 0, contextTokens: 0 };
  for (const sequence of queues.running) if (promptIsDone(sequence)) addShare(plan, sequence, limits);
  for (const sequence of queues.running) if (!promptIsDone(sequence)) addShare(plan, sequence, limits);
  while (queues.running.length < limits.maxNumSeqs && plan.tokens < limits.maxNumBatchedTokens) {
    const sequence = queues.waiting.shift();
    if (sequence === undefined) break;
    sequence.state = "running";
    queues.running.push(sequence);
    addShare(plan, sequence, limits);
  }
  return plan.tokens === 0 ? null : plan;
}

/** Books a planned step; returns the sequences that got a token by it, all at the same moment. */
export function finishStep(queues: Queues, plan: StepPlan): Sequence[] {
  const emitted: Sequence[] = [];
  for (const { sequence, tokens } of plan.shares) {
    if (sequence.state !== "running") continue;
    sequence.computed += tokens;
    if (!promptIsDone(sequence)) continue;
    sequence.generated += 1;
    if (sequence.generated === sequence.maxTokens) sequence.state = "finished";
    emitted.push(sequence);
  }
  queues.running = queues.running.filter((sequence) => sequence.state === "running");
  return emitted;
}

/** Takes a sequence out at once; a step already under way ignores it when it finishes. */
export function abortSequence(queues: Queues, sequence: Sequence): void {
  sequence.state = "aborted";
  queues.running = queues.running.filter((other) => other !== sequence);
  queues.waiting = queues.waiting.filter((other) => other !== sequence);
}

/** Tokens held in the key-value cache. */
export function cachedTokens(queues: Queues): number {
  return queues.running.reduce((sum, sequence) => sum + sequence.computed, 0);
}

function promptIsDone(sequence: Sequence): boolean {
  return sequence.computed >= sequence.promptTokens;
}

function addShare(plan: StepPlan, sequence: Sequence, { maxNumBatchedTokens }: Limits): void {
  const wanted = promptIsDone(sequence) ? 1 : sequence.promptTokens - sequence.computed;
  const tokens = Math.min(wanted, maxNumBatchedTokens - plan.tokens);
  if (tokens === 0) return;
  plan.shares.push({ sequence, tokens });
  plan.tokens += tokens;
  plan.contextTokens += sequence.computed + tokens;
}
