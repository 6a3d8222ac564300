import { describe, expect, test } from "vitest";
import type { EngineReading } from "../../../src/telemetry/engine/reading.ts";
import { summarizeEngine } from "../../../src/telemetry/engine/summary.ts";

/** Reads at 0, 1, 2 … seconds. */
const reads = (...readings: EngineReading[]) => readings.map((reading, index) => ({ atMs: index * 1000, reading }));

describe("reads of a cell", () => {
  test("give levels of the engine at work, without the reads before and after the load", () => {
    const running = [0, 4, 8, 0].map((count) => ({ running: count, waiting: count / 4 }));
    expect(summarizeEngine(reads(...running), { fromMs: 0, toMs: 2500 })).toEqual({
      samples: 2,
      running: { mean: 6, max: 8 },
      waiting: { mean: 1.5, max: 2 },
    });
  });

  test("give counters as the difference between start and end", () => {
    const all = reads({ preemptions: 3, prefixCacheHitTokens: 10 }, { preemptions: 4, prefixCacheHitTokens: 10 });
    expect(summarizeEngine(all, { fromMs: 0, toMs: 900 })).toEqual({
      samples: 0,
      preemptions: 1,
      prefixCacheHitTokens: 0,
    });
  });

  test("leave out what the engine did in the warm-up", () => {
    const all = reads(
      { preemptions: 0, running: 0 },
      { preemptions: 9, running: 50 },
      { preemptions: 10, running: 2 },
      { preemptions: 12, running: 4 },
      { preemptions: 13, running: 0 },
    );
    expect(summarizeEngine(all, { fromMs: 2500, toMs: 3500 })).toEqual({
      samples: 1,
      running: { mean: 4, max: 4 },
      preemptions: 3,
    });
  });

  test("give no counters when one went down: the engine was restarted", () => {
    const all = reads(
      { preemptions: 5, prefixCacheQueryTokens: 100 },
      { preemptions: 0, prefixCacheQueryTokens: 0 },
      { preemptions: 7, prefixCacheQueryTokens: 300 },
    );
    expect(summarizeEngine(all, { fromMs: 0, toMs: 1500 })).toBeUndefined();
  });

  test("make nothing of what is missing", () => {
    expect(summarizeEngine([], { fromMs: 0, toMs: 1 })).toBeUndefined();
    expect(summarizeEngine(reads({ preemptions: 5 }), { fromMs: 0, toMs: 1 })).toBeUndefined();
    expect(summarizeEngine(reads({ running: 1 }, { preemptions: 5 }), { fromMs: 0, toMs: 1 })).toBeUndefined();
  });
});
