import { describe, expect, test } from "vitest";
import { KvBlocks } from "../../../src/simulator/engine/kv-blocks.ts";
import { blockHashes } from "../../../src/simulator/engine/prefix-hash.ts";
import { finishStep, type Limits, planStep, type Queues } from "../../../src/simulator/engine/scheduler.ts";
import { newSequence, type Sequence } from "../../../src/simulator/engine/sequence.ts";

const limits: Limits = { maxNumSeqs: 256, maxNumBatchedTokens: 8192 };

const range = (length: number, from = 0) => Array.from({ length }, (_, i) => from + i);
const prompted = (prompt: number[], maxTokens: number) => newSequence(prompt.length, maxTokens, blockHashes(prompt));

class Pool {
  readonly cache: KvBlocks;
  readonly queues: Queues = { waiting: [], running: [] };
  preemptions = 0;

  constructor(tokens: number, options = {}) {
    this.cache = new KvBlocks(tokens, options);
  }

  /** @returns tokens that the step computes */
  step(): number {
    const plan = planStep(this.queues, limits, this.cache);
    if (plan === null) return 0;
    this.preemptions += plan.preempted.length;
    finishStep(this.queues, plan, this.cache);
    return plan.tokens;
  }

  /** @returns tokens computed in all */
  finish(...sequences: Sequence[]): number {
    this.queues.waiting.push(...sequences);
    let computed = 0;
    for (let tokens = this.step(); tokens > 0; tokens = this.step()) computed += tokens;
    return computed;
  }
}

describe("the pool of blocks", () => {
  test("is used in whole blocks of 16 tokens, and free again at the end", () => {
    const pool = new Pool(160);
    pool.queues.waiting.push(newSequence(17, 20));
    pool.step();
    expect(pool.cache.usage()).toBe(0.2);
    pool.finish();
    expect(pool.cache.usage()).toBe(0);
  });

  test("lets a prompt wait that does not fit whole", () => {
    const pool = new Pool(160);
    pool.queues.waiting.push(newSequence(100, 2), newSequence(80, 2));
    pool.step();
    expect([pool.queues.running.length, pool.queues.waiting.length]).toEqual([1, 1]);
  });

  test("when full puts the newest sequence back, which is computed again and still gets all its tokens", () => {
    const pool = new Pool(96);
    const [first, second] = [newSequence(32, 40), newSequence(32, 40)];
    const computed = pool.finish(first, second);
    expect(pool.preemptions).toBe(1);
    expect([first.generated, second.generated]).toEqual([40, 40]);
    expect([first.preemptions, second.preemptions]).toEqual([0, 1]);
    expect(computed).toBeGreaterThan(2 * (32 + 39));
  });
});

describe("the prefix cache", () => {
  test("spares the full blocks of a prompt that came before, but never its last token", () => {
    const pool = new Pool(1600);
    const prompt = range(64);
    expect(pool.finish(prompted(prompt, 1))).toBe(64);
    const again = prompted(prompt, 1);
    expect(pool.finish(again)).toBe(16);
    expect(again.cachedTokens).toBe(48);
  });

  test("finds a prefix only up to the first block that differs", () => {
    const pool = new Pool(1600);
    pool.finish(prompted(range(64), 1));
    const other = prompted([...range(32), ...range(64, 500)], 1);
    pool.finish(other);
    expect(other.cachedTokens).toBe(32);
    const shifted = prompted([7, ...range(63)], 1);
    pool.finish(shifted);
    expect(shifted.cachedTokens).toBe(0);
  });

  test("is shared by sequences that run together, and by those that come in one step", () => {
    const pool = new Pool(1600);
    const [first, second] = [prompted(range(64), 5), prompted(range(64), 5)];
    pool.queues.waiting.push(first, second);
    pool.step();
    expect(second.cachedTokens).toBe(48);
    expect(pool.cache.usage()).toBe(0.05);
    pool.finish();
    expect(pool.cache.usage()).toBe(0);
  });

  test("forgets what was used longest ago when room is needed, the end of a prompt before its beginning", () => {
    const pool = new Pool(128);
    pool.finish(prompted(range(64), 1));
    pool.finish(prompted(range(96, 1000), 1));
    const again = prompted(range(64), 1);
    pool.finish(again);
    expect(again.cachedTokens).toBe(32);
  });

  test("finds nothing when it is off, or after a reset, which does nothing while sequences run", () => {
    const off = new Pool(1600, { prefixCaching: false });
    off.finish(prompted(range(64), 1));
    expect(off.finish(prompted(range(64), 1))).toBe(64);
    const pool = new Pool(1600);
    pool.queues.waiting.push(prompted(range(64), 9));
    pool.step();
    expect(pool.cache.resetPrefixCache()).toBe(false);
    pool.finish();
    expect(pool.cache.resetPrefixCache()).toBe(true);
    expect(pool.finish(prompted(range(64), 1))).toBe(64);
  });
});
