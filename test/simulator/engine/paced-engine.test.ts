import { expect, test } from "vitest";
import { PacedEngine } from "../../../src/simulator/engine/paced-engine.ts";
import { newSequence } from "../../../src/simulator/engine/sequence.ts";
import { uniformNumbers } from "../../../src/simulator/timing/random.ts";
import { VirtualClock } from "../virtual-clock.ts";

/** Deadlines and moments of the tokens of `count` requests that arrive 10 ms apart. */
function play(
  count: number,
  { phase = () => 0, lateness = () => 0 }: Partial<Record<"phase" | "lateness", () => number>> = {},
) {
  const clock = new VirtualClock(lateness);
  const engine = new PacedEngine({ ttftMs: 50, itlMs: 20, phase }, clock);
  const due = Array.from({ length: count }, (): number[] => []);
  const late: number[] = [];
  due.forEach((own, i) => {
    clock.at(i * 10, () => {
      engine.submit(newSequence(8, 5, [], i * 10), (_, dueMs) => {
        own.push(dueMs);
        late.push(clock.now() - dueMs);
      });
    });
  });
  clock.run();
  return { due, late, engine };
}

test("each request has its own deadlines, whatever others do", () => {
  const { due, late } = play(3);
  expect(due).toEqual([
    [50, 70, 90, 110, 130],
    [60, 80, 100, 120, 140],
    [70, 90, 110, 130, 150],
  ]);
  expect(Math.max(...late)).toBe(0);
});

test("being late does not move the deadlines that follow", () => {
  const { due, late } = play(2, { lateness: () => 3 });
  expect(due[0]).toEqual([50, 70, 90, 110, 130]);
  expect(Math.max(...late)).toBeLessThanOrEqual(3);
});

test("staggered requests are shifted by a part of a gap, the same one for the same seed", () => {
  const shifts = (seed: number) =>
    play(20, { phase: uniformNumbers(seed) }).due.map(([first], i) => first! - 50 - i * 10);
  expect(shifts(3)).toEqual(shifts(3));
  expect(shifts(3)).not.toEqual(shifts(4));
  expect(Math.min(...shifts(3))).toBeGreaterThanOrEqual(0);
  expect(Math.max(...shifts(3))).toBeLessThan(20);
  expect(new Set(shifts(3)).size).toBe(20);
});

test("never writes early, and does not sleep for less than it is worth", () => {
  const { late } = play(200, { phase: uniformNumbers(1) });
  expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...late)).toBeLessThanOrEqual(0.3 + 1e-9);
});

test("a request taken back gets nothing more", () => {
  const clock = new VirtualClock();
  const engine = new PacedEngine({ ttftMs: 5, itlMs: 5, phase: () => 0 }, clock);
  const gone = newSequence(8, 50);
  let tokens = 0;
  engine.submit(gone, () => {
    tokens += 1;
    if (tokens === 2) engine.abort(gone);
  });
  clock.run();
  expect(tokens).toBe(2);
  expect(engine.stats().running).toBe(0);
  expect(engine.telemetry.totals).toMatchObject({ aborted: 1, finished: 0 });
});
