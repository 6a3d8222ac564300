import { globSync } from "node:fs";
import fc from "fast-check";
import { createFixture } from "fs-fixture";
import { describe, expect, test } from "vitest";
import { runCommand } from "../../../src/machine/command.ts";
import { type FitRow, fitTiming, heldOutErrors, predictedMs } from "../../../src/simulator/fit/fit-timing.ts";
import { startSimulator } from "../../support/simulator.ts";

const timing = { overhead: 9, weights: 0, perToken: 0.04, perContextToken: 0.0005, perSequence: 0.05 };

/** Single steps of some shapes: decodes of several contexts, prompts, and both together. */
const shapes = [1, 2, 4, 8, 16, 32].flatMap((sequences) =>
  [100, 500, 2000].flatMap((context) => [
    { steps: 1, tokens: sequences, contextTokens: sequences * context, sequences },
    { steps: 1, tokens: sequences + context, contextTokens: (sequences + 1) * context, sequences: sequences + 1 },
  ]),
);
const rowsOf = (truth: typeof timing, noise: (i: number) => number = () => 1): FitRow[] =>
  shapes.map((shape, i) => ({ ...shape, ms: predictedMs(truth, { ...shape, ms: 0 }) * noise(i) }));

describe("a fit", () => {
  test("finds the coefficients that made the steps", () => {
    const found = fitTiming(rowsOf(timing));
    for (const [name, value] of Object.entries(timing))
      expect(found[name as keyof typeof timing]).toBeCloseTo(value, 6);
  });

  test("is near them when the steps are noisy, and predicts what it has not seen within the noise", () => {
    const noise = (i: number) => 1 + 0.02 * Math.sin(i * 7.3);
    expect(fitTiming(rowsOf(timing, noise)).overhead).toBeCloseTo(9, 0);
    expect(Math.max(...heldOutErrors(rowsOf(timing, noise)).map(Math.abs))).toBeLessThan(0.04);
  });

  test("takes sums over steps as well as single ones", () => {
    const sums = rowsOf(timing).map((row) => ({
      ms: row.ms * 10,
      steps: 10,
      tokens: row.tokens * 10,
      contextTokens: row.contextTokens * 10,
      sequences: row.sequences * 10,
    }));
    expect(fitTiming(sums).perToken).toBeCloseTo(0.04, 6);
  });

  test("needs rows, each with a duration", () => {
    expect(() => fitTiming([])).toThrow("at least one row");
    expect(() => fitTiming([{ ms: 0, steps: 1, tokens: 1, contextTokens: 1, sequences: 1 }])).toThrow(
      "duration above 0",
    );
  });
});

test("no coefficient is ever negative, and no fit is worse than none", () => {
  const row = fc.record({
    ms: fc.double({ min: 0.1, max: 1000, noNaN: true }),
    steps: fc.integer({ min: 1, max: 200 }),
    tokens: fc.integer({ min: 1, max: 8192 }),
    contextTokens: fc.integer({ min: 1, max: 500_000 }),
    sequences: fc.integer({ min: 1, max: 256 }),
  });
  const loss = (rows: FitRow[], found: typeof timing) =>
    rows.reduce((sum, one) => sum + (predictedMs(found, one) / one.ms - 1) ** 2, 0);
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 12 }), (rows) => {
      const found = fitTiming(rows) as typeof timing;
      expect(Math.min(...Object.values(found))).toBeGreaterThanOrEqual(0);
      const zero = { overhead: 0, weights: 0, perToken: 0, perContextToken: 0, perSequence: 0 };
      expect(loss(rows, found)).toBeLessThanOrEqual(loss(rows, zero) + 1e-9);
    }),
  );
});

describe("npm run fit-timing", () => {
  const fitFiles = (...files: string[]) => runCommand(process.execPath, ["scripts/fit-timing.ts", ...files]);
  const measured = globSync("fake_db/runs/2025/09/*.json");

  test("makes of an H100's latencies a timing that the simulated engine takes, and says how far off it is", async () => {
    const { exitCode, stdout, stderr } = await fitFiles(...measured);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ overhead: expect.closeTo(10.48, 1), weights: 0 });
    expect(stderr).toMatch(/batch 8, 512 in, 128 out +1575\.0 ms +-?\+?0\.\d\d %/);
    expect(Number(/greatest \+([\d.]+) %/.exec(stderr)?.[1])).toBeLessThan(2);
    await using fixture = await createFixture({ "timing.json": stdout });
    await using engine = await startSimulator("--timing", fixture.getPath("timing.json"));
    expect((await fetch(`${engine.url}/health`)).status).toBe(200);
  });

  test("refuses to mix engines, and says what it needs", async () => {
    const [simulated] = globSync("fake_db/runs/2026/10/*.json");
    expect(await fitFiles(...measured, simulated!)).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/mix engines or machines:\n +vllm, .*H100[\s\S]*simulated, /),
    });
    expect((await fitFiles()).stderr).toContain("give run documents");
  });
});
