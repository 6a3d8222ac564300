import { describe, expect, test } from "vitest";
import type { StepPlan } from "../../../src/simulator/engine/scheduler.ts";
import { newSequence } from "../../../src/simulator/engine/sequence.ts";
import { noiseFactors, stepMs } from "../../../src/simulator/timing/step-time.ts";

const timing = { overhead: 4, weights: 6, perToken: 0.04, perContextToken: 0.001, perSequence: 0.05 };

function plan(sequences: number, tokens: number, contextTokens: number, prefillAttention = 0): StepPlan {
  const shares = Array.from({ length: sequences }, () => ({ sequence: newSequence(1, 1), tokens: 1 }));
  return { shares, tokens, contextTokens, prefillAttention, preempted: [], admitted: [] };
}

describe("the duration of a step", () => {
  test("is bound by reading the weights while there are few tokens", () => {
    expect(stepMs(timing, plan(1, 1, 0))).toBeCloseTo(4 + 6 + 0.05);
    expect(stepMs(timing, plan(1, 150, 0))).toBeCloseTo(4 + 6 + 0.05);
  });

  test("is bound by arithmetic when there are many", () => {
    expect(stepMs(timing, plan(1, 1000, 0))).toBeCloseTo(4 + 40 + 0.05);
  });

  test("grows with the contexts read and with the sequences", () => {
    expect(stepMs(timing, plan(8, 8, 4000))).toBeCloseTo(4 + 6 + 4 + 0.4);
  });
});

test("attention of long prompts counts only where a timing says so", () => {
  expect(stepMs(timing, plan(1, 100, 0, 5000))).toBe(stepMs(timing, plan(1, 100, 0)));
  const attentive = { ...timing, perPrefillAttention: 0.001 };
  expect(stepMs(attentive, plan(1, 100, 0, 5000))).toBeCloseTo(stepMs(timing, plan(1, 100, 0)) + 5);
});

describe("noise", () => {
  const draw = (deviation: number, seed: number) => {
    const next = noiseFactors(deviation, seed);
    return Array.from({ length: 4000 }, next);
  };

  test("is off at 0", () => expect(new Set(draw(0, 7))).toEqual(new Set([1])));

  test("repeats with the same seed and differs with another", () => {
    expect(draw(0.02, 7)).toEqual(draw(0.02, 7));
    expect(draw(0.02, 7)).not.toEqual(draw(0.02, 8));
  });

  test("lies around 1 with the deviation asked for, and within three of it", () => {
    const factors = draw(0.02, 7);
    const mean = factors.reduce((sum, factor) => sum + factor, 0) / factors.length;
    const deviation = Math.sqrt(factors.reduce((sum, factor) => sum + (factor - mean) ** 2, 0) / factors.length);
    expect(mean).toBeCloseTo(1, 2);
    expect(deviation).toBeCloseTo(0.02, 2);
    expect(Math.min(...factors)).toBeGreaterThanOrEqual(0.94);
    expect(Math.max(...factors)).toBeLessThanOrEqual(1.06);
  });
});
