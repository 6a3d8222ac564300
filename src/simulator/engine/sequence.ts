/** One generation. */
export interface Sequence {
  readonly promptTokens: number;
  readonly maxTokens: number;
  /** Identity of each full block of the prompt and all before it; empty when nobody can share it. */
  readonly blockHashes: readonly number[];
  /** What its last token is the end of: the length asked for, or what it had to say. */
  readonly ends: "length" | "stop";
  /** Tokens whose keys and values are in the cache. */
  computed: number;
  /** Tokens handed out. */
  generated: number;
  /** Prompt tokens that the prefix cache spared it when it was admitted first. */
  cachedTokens: number;
  preemptions: number;
  state: "waiting" | "running" | "finished" | "aborted";
  /** Moments on the engine's clock in ms; NaN until they come. */
  arrivedMs: number;
  scheduledMs: number;
  firstTokenMs: number;
  lastTokenMs: number;
}

export function newSequence(
  promptTokens: number,
  maxTokens: number,
  blockHashes: readonly number[] = [],
  arrivedMs = Number.NaN,
  ends: Sequence["ends"] = "length",
): Sequence {
  const unknown = Number.NaN;
  return {
    promptTokens,
    maxTokens,
    blockHashes,
    ends,
    computed: 0,
    generated: 0,
    cachedTokens: 0,
    preemptions: 0,
    state: "waiting",
    arrivedMs,
    scheduledMs: unknown,
    firstTokenMs: unknown,
    lastTokenMs: unknown,
  };
}

/** Tokens that must be in the cache before the next one can come: the prompt and what was generated so far. */
export function knownTokens({ promptTokens, generated }: Sequence): number {
  return promptTokens + generated;
}
