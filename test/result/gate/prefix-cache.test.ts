import { describe, expect, test } from "vitest";
import { prefixCacheWarning, UNINTENDED_HIT_SHARE } from "../../../src/result/gate/prefix-cache.ts";

const warningAt = (hits: number | undefined, queries: number | undefined, intended = 0) =>
  prefixCacheWarning(
    { samples: 1, prefixCacheHitTokens: hits, prefixCacheQueryTokens: queries },
    {
      least: intended,
      most: intended,
    },
  );

describe("prefix-cache hits", () => {
  test("that the workload does not mean are warned of from 1 % on", () => {
    expect(UNINTENDED_HIT_SHARE).toBe(0.01);
    expect(warningAt(99, 10_000)).toBeUndefined();
    expect(warningAt(100, 10_000)).toMatch(
      /^1\.0 % of the prompt tokens came from the engine's prefix cache where .* none to/,
    );
    expect(warningAt(3200, 25_665)).toMatch(/^12\.5 % /);
  });

  test("that the workload means are as they should be", () => {
    expect(warningAt(5000, 10_000, 0.5)).toBeUndefined();
    expect(warningAt(4000, 10_000, 0.5)).toBeUndefined();
  });

  test("beyond what the workload means are warned of", () => {
    expect(warningAt(9000, 10_000, 0.5)).toMatch(/^90\.0 % .* means 50\.0 % to/);
  });

  test("that never came though prefixes are shared are warned of", () => {
    expect(warningAt(0, 10_000, 0.5)).toMatch(/none of their tokens came from the prefix cache/);
    expect(warningAt(0, 0, 0.5)).toMatch(/is it switched on/);
  });

  test("are no matter when the engine did not tell, or looked nothing up", () => {
    expect(prefixCacheWarning(undefined, { least: 0, most: 0 })).toBeUndefined();
    expect(warningAt(undefined, 100, 0.5)).toBeUndefined();
    expect(warningAt(100, undefined)).toBeUndefined();
    expect(warningAt(0, 0)).toBeUndefined();
  });
});
