import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { WallClock } from "../../../src/simulator/engine/clock.ts";

test("calls back never early, in order, and not inside the call", async () => {
  const clock = new WallClock();
  const start = clock.now();
  const offsets = [12, 3, 3, 0.4, 25, -1, 0, 7.7];
  const called: number[] = [];
  for (const offset of offsets) {
    clock.at(start + offset, () => {
      expect(clock.now()).toBeGreaterThanOrEqual(start + offset);
      called.push(offset);
    });
  }
  expect(called).toEqual([]);
  await expect.poll(() => called.length).toBe(offsets.length);
  expect(called.filter((offset) => offset > 1)).toEqual([3, 3, 7.7, 12, 25]);
});

test("an earlier time set from a callback or in between comes first", async () => {
  const clock = new WallClock();
  const called: string[] = [];
  clock.at(clock.now() + 200, () => called.push("late"));
  await sleep(5);
  clock.at(clock.now() + 10, () => {
    called.push("early");
    clock.at(clock.now() + 10, () => called.push("next"));
  });
  await expect.poll(() => called).toEqual(["early", "next", "late"]);
});

test("does not hold up what the event loop does while it waits", async () => {
  const clock = new WallClock();
  let turns = 0;
  const done = new Promise<void>((resolve) => clock.at(clock.now() + 50, resolve));
  const timer = setInterval(() => (turns += 1), 1);
  await done;
  clearInterval(timer);
  expect(turns).toBeGreaterThan(5);
});
