import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "vitest";
import { Wait } from "../../../src/load/thread/wait.ts";

function ringing(): { wait: Wait; rung: Promise<number>; times: number[] } {
  const times: number[] = [];
  const { promise: rung, resolve } = Promise.withResolvers<number>();
  const wait = new Wait(() => {
    times.push(performance.now());
    resolve(times[0]!);
  });
  return { wait, rung, times };
}

test.each([0, 0.3, 2, 15])("never rings before its moment, %s ms from now", async (ms) => {
  const { wait, rung } = ringing();
  const moment = performance.now() + ms;
  wait.until(moment);
  expect(await rung).toBeGreaterThanOrEqual(moment);
});

test("rings in a later turn, even for a moment that has gone by", async () => {
  const { wait, rung, times } = ringing();
  wait.until(performance.now() - 100);
  expect(times).toEqual([]);
  await rung;
});

test("rings once, for the moment asked for last", async () => {
  const { wait, rung, times } = ringing();
  wait.until(performance.now() + 60_000);
  const moment = performance.now() + 5;
  wait.until(moment);
  wait.until(moment);
  expect(await rung).toBeGreaterThanOrEqual(moment);
  await pause(10);
  expect(times).toHaveLength(1);
});

test.each([0.5, 5])("does not ring any more once it is cancelled, %s ms before", async (ms) => {
  const { wait, times } = ringing();
  wait.until(performance.now() + ms);
  wait.cancel();
  await pause(20);
  expect(times).toEqual([]);
});

test("may be set again, for the same moment too", async () => {
  const { wait, rung } = ringing();
  const moment = performance.now() + 2;
  wait.until(moment);
  wait.cancel();
  wait.until(moment);
  await rung;
});

test("lets the loop do other work meanwhile, and says how long it went round", async () => {
  const { wait, rung } = ringing();
  let turns = 0;
  const work = () => {
    turns += 1;
    turn = setImmediate(work);
  };
  let turn = setImmediate(work);
  wait.until(performance.now() + 1);
  await rung;
  clearImmediate(turn);
  expect(turns).toBeGreaterThan(0);
  expect(wait.spunMs).toBeGreaterThan(0);
});
