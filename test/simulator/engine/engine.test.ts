import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BatchingEngine } from "../../../src/simulator/engine/batching-engine.ts";
import type { Limits } from "../../../src/simulator/engine/scheduler.ts";
import { newSequence } from "../../../src/simulator/engine/sequence.ts";
import { PRESETS, type PresetName } from "../../../src/simulator/timing/presets.ts";
import { noiseFactors } from "../../../src/simulator/timing/step-time.ts";
import { VirtualClock } from "../virtual-clock.ts";

interface Setting {
  preset?: PresetName;
  kvCacheTokens?: number;
  limits?: Partial<Limits>;
  clock?: VirtualClock;
  noise?: () => number;
}

function engineOn(setting: Setting = {}) {
  const { preset = "h100-8b", limits = {}, clock = new VirtualClock(), noise = () => 1 } = setting;
  const { timing, kvCacheTokens } = PRESETS[preset];
  const engine = new BatchingEngine({
    timing,
    limits: { maxNumSeqs: 256, maxNumBatchedTokens: 8192, ...limits },
    kvCacheTokens: setting.kvCacheTokens ?? kvCacheTokens,
    prefixCaching: true,
    clock,
    noise,
  });
  return { engine, clock };
}

/** Moments at which each of `size` equal requests, sent together, got its tokens. */
function runBatch(size: number, setting: Setting = {}, [promptTokens, maxTokens] = [512, 128]): number[][] {
  const { engine, clock } = engineOn(setting);
  const moments = Array.from({ length: size }, (): number[] => []);
  for (const own of moments) engine.submit(newSequence(promptTokens!, maxTokens!), () => own.push(clock.now()));
  clock.run();
  return moments;
}

const duration = (moments: number[][]) => Math.max(...moments.map((own) => own.at(-1) as number));

describe("the preset h100-8b", () => {
  // Means of the medians of 16 runs on an H100 (512 tokens in, 128 out), seconds.
  test.each([
    [1, 1.367],
    [2, 1.4],
    [4, 1.454],
    [8, 1.575],
  ])("takes as long for a batch of %i as the machine it is fitted to: %f s", (size, seconds) => {
    expect(Math.abs(duration(runBatch(size)) / 1000 / seconds - 1)).toBeLessThan(0.02);
  });
});

describe("an engine", () => {
  test("gives all sequences of a step their token at the same moment", () => {
    const [first, ...others] = runBatch(8);
    for (const other of others) expect(other).toEqual(first);
  });

  test("keeps to absolute deadlines: being late with every step does not add up", () => {
    const ideal = duration(runBatch(1));
    const late = duration(runBatch(1, { clock: new VirtualClock(() => 3) }));
    expect(late - ideal).toBeLessThanOrEqual(6 + 1e-6);
  });

  test("does not bunch tokens together after it was held up for long", () => {
    let calls = 0;
    const clock = new VirtualClock(() => (++calls === 20 ? 1000 : 0));
    const [own] = runBatch(1, { clock });
    const gaps = own!.slice(1).map((moment, i) => moment - own![i]!);
    expect(gaps.filter((gap) => gap === 0).length).toBeLessThanOrEqual(5);
    expect(duration([own!])).toBeGreaterThan(duration(runBatch(1)) + 1000 - 60);
  });

  test("starts anew after an idle time, from the moment of the next request", () => {
    const { engine, clock } = engineOn({ preset: "tiny" });
    const moments: number[] = [];
    engine.submit(newSequence(10, 2), () => moments.push(clock.now()));
    clock.at(5000, () => engine.submit(newSequence(10, 2), () => moments.push(clock.now())));
    clock.run();
    const [first, second, third, fourth] = moments as [number, number, number, number];
    expect([third - 5000, fourth - 5000]).toEqual([expect.closeTo(first), expect.closeTo(second)]);
  });

  test("counts what it does, and a request taken back gets nothing more", () => {
    const { engine, clock } = engineOn({ preset: "tiny" });
    const tokens: number[] = [];
    engine.submit(newSequence(30, 4), () => {});
    const gone = newSequence(20, 400);
    engine.submit(gone, ({ generated }) => {
      tokens.push(generated);
      if (generated === 2) engine.abort(gone);
    });
    expect(engine.stats()).toMatchObject({ running: 0, waiting: 2 });
    clock.run();
    engine.abort(gone);
    expect(tokens).toEqual([1, 2]);
    expect(engine.stats()).toEqual({ running: 0, waiting: 0, kvUsage: 0 });
    expect(engine.telemetry.totals).toEqual({
      promptTokens: 50,
      stopped: 0,
      prefixQueries: 50,
      prefixHits: 0,
      generationTokens: 6,
      finished: 1,
      aborted: 1,
      preemptions: 0,
    });
  });

  test("with noise takes another time, but the same one for the same seed", () => {
    const noisy = (seed: number) => duration(runBatch(1, { noise: noiseFactors(0.02, seed) }));
    expect(noisy(1)).toBe(noisy(1));
    expect(noisy(1)).not.toBe(noisy(2));
    expect(noisy(1) / duration(runBatch(1))).toBeCloseTo(1, 1);
  });
});

test("every request gets exactly the tokens it asked for, in order, whatever arrives when", () => {
  const request = fc.record({
    at: fc.integer({ min: 0, max: 200 }),
    promptTokens: fc.integer({ min: 1, max: 300 }),
    maxTokens: fc.integer({ min: 1, max: 40 }),
  });
  const room = fc.record({
    maxNumSeqs: fc.integer({ min: 1, max: 6 }),
    budget: fc.integer({ min: 6, max: 128 }),
    // From just enough for one request, where nearly every step preempts, to enough for all.
    kvCacheTokens: fc.integer({ min: 352, max: 3000 }),
  });
  fc.assert(
    fc.property(fc.array(request, { minLength: 1, maxLength: 25 }), room, (requests, { budget, ...sizes }) => {
      const limits = { maxNumSeqs: sizes.maxNumSeqs, maxNumBatchedTokens: budget };
      const { engine, clock } = engineOn({ preset: "tiny", limits, kvCacheTokens: sizes.kvCacheTokens });
      const seen = requests.map((): number[] => []);
      requests.forEach(({ at, promptTokens, maxTokens }, i) => {
        const sequence = newSequence(promptTokens, maxTokens);
        clock.at(at, () => engine.submit(sequence, ({ generated }) => seen[i]!.push(generated)));
      });
      clock.run();
      const wanted = requests.map(({ maxTokens }) => Array.from({ length: maxTokens }, (_, i) => i + 1));
      expect(seen).toEqual(wanted);
      expect(engine.stats()).toEqual({ running: 0, waiting: 0, kvUsage: 0 });
      expect(engine.telemetry.totals.finished).toBe(requests.length);
    }),
  );
});
