import { describe, expect, test } from "vitest";
import {
  abortSequence,
  finishStep,
  type Limits,
  planStep,
  type Queues,
} from "../../../src/simulator/engine/scheduler.ts";
import { newSequence, type Sequence } from "../../../src/simulator/engine/sequence.ts";

const roomy: Limits = { maxNumSeqs: 256, maxNumBatchedTokens: 8192 };

const waiting = (...sequences: Sequence[]): Queues => ({ waiting: sequences, running: [] });

function step(queues: Queues, limits: Limits) {
  const plan = planStep(queues, limits);
  const shares = plan?.shares.map(({ sequence, tokens }) => ({ sequence, tokens })) ?? [];
  return { shares, plan, emitted: plan === null ? [] : finishStep(queues, plan) };
}

describe("a step", () => {
  test("is not made when there is nothing to do", () => {
    expect(planStep(waiting(), roomy)).toBeNull();
  });

  test("computes a whole prompt and hands out its first token", () => {
    const sequence = newSequence(512, 3);
    const { plan, emitted } = step(waiting(sequence), roomy);
    expect(plan).toMatchObject({ tokens: 512, contextTokens: 512, prefillAttention: (512 * 512) / 2 });
    expect(emitted).toEqual([sequence]);
    expect(sequence.generated).toBe(1);
  });

  test("gives every running sequence its token before any prompt, whoever came first", () => {
    const long = newSequence(150, 5);
    const short = newSequence(10, 5);
    const late = newSequence(100, 5);
    const queues = waiting(short);
    const limits = { ...roomy, maxNumBatchedTokens: 100 };
    step(queues, limits);
    queues.waiting.push(long, late);
    expect(step(queues, limits).shares).toEqual([
      { sequence: short, tokens: 1 },
      { sequence: long, tokens: 99 },
    ]);
    expect(step(queues, limits).shares).toEqual([
      { sequence: short, tokens: 1 },
      { sequence: long, tokens: 51 },
      { sequence: late, tokens: 48 },
    ]);
  });

  test("cuts a prompt longer than the budget into chunks; only the last one brings a token", () => {
    const sequence = newSequence(250, 2);
    const queues = waiting(sequence);
    const limits = { ...roomy, maxNumBatchedTokens: 100 };
    const steps = [step(queues, limits), step(queues, limits), step(queues, limits), step(queues, limits)];
    expect(steps.map(({ plan }) => plan?.tokens)).toEqual([100, 100, 50, 1]);
    expect(steps.map(({ plan }) => plan?.contextTokens)).toEqual([100, 200, 250, 251]);
    expect(steps.map(({ emitted }) => emitted.length)).toEqual([0, 0, 1, 1]);
  });

  test("admits in order of arrival, and never more sequences than allowed", () => {
    const [first, second, third] = [newSequence(10, 1), newSequence(10, 3), newSequence(10, 3)];
    const queues = waiting(first, second, third);
    const limits = { ...roomy, maxNumSeqs: 2 };
    expect(step(queues, limits).shares.map(({ sequence }) => sequence)).toEqual([first, second]);
    expect(queues.waiting).toEqual([third]);
    expect(step(queues, limits).shares.map(({ sequence }) => sequence)).toEqual([second, third]);
  });

  test("does not let a small prompt overtake a big one that waits for budget", () => {
    const queues = waiting(newSequence(80, 9), newSequence(80, 9), newSequence(1, 9));
    const limits = { ...roomy, maxNumBatchedTokens: 100 };
    expect(step(queues, limits).shares.map(({ tokens }) => tokens)).toEqual([80, 20]);
    expect(queues.waiting).toHaveLength(1);
  });
});

describe("an aborted sequence", () => {
  test("leaves the batch at once and gets no token from the step under way", () => {
    const [kept, gone] = [newSequence(10, 5), newSequence(10, 5)];
    const queues = waiting(kept, gone);
    const plan = planStep(queues, roomy);
    abortSequence(queues, gone);
    expect(finishStep(queues, plan!)).toEqual([kept]);
    expect(queues.running).toEqual([kept]);
    expect(gone).toMatchObject({ state: "aborted", generated: 0 });
  });

  test("leaves the waiting queue too", () => {
    const gone = newSequence(10, 5);
    const queues = waiting(gone);
    abortSequence(queues, gone);
    expect(planStep(queues, roomy)).toBeNull();
  });
});
