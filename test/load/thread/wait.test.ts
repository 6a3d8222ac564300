import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { Wait } from "../../../src/load/thread/wait.ts";

/** @param isPrepared without it a wait goes round the event loop */
async function ringing(isPrepared: boolean) {
  const times: number[] = [];
  const { promise: rung, resolve } = Promise.withResolvers<number>();
  const wait = new Wait();
  if (isPrepared) await wait.prepare();
  const until = (moment: number) =>
    wait.until(moment, () => {
      times.push(performance.now());
      resolve(times[0]!);
    });
  return { wait, until, rung, times };
}

describe.each([
  ["with its alarm", true],
  ["without", false],
])("a wait %s", (_, isPrepared) => {
  test.each([0, 0.3, 2, 15])("never rings before its moment, %s ms from now", async (ms) => {
    const { until, rung } = await ringing(isPrepared);
    const moment = performance.now() + ms;
    until(moment);
    expect(await rung).toBeGreaterThanOrEqual(moment);
  });

  test("rings in a later turn, even for a moment that has gone by", async () => {
    const { until, rung, times } = await ringing(isPrepared);
    until(performance.now() - 100);
    expect(times).toEqual([]);
    await rung;
  });

  test("rings once, for the moment asked for last", async () => {
    const { until, rung, times } = await ringing(isPrepared);
    until(performance.now() + 60_000);
    const moment = performance.now() + 5;
    until(moment);
    until(moment);
    expect(await rung).toBeGreaterThanOrEqual(moment);
    await pause(10);
    expect(times).toHaveLength(1);
  });

  test.each([0.5, 5])("does not ring any more once it is cancelled, %s ms before", async (ms) => {
    const { wait, until, times } = await ringing(isPrepared);
    until(performance.now() + ms);
    wait.cancel();
    await pause(20);
    expect(times).toEqual([]);
  });

  test("may be set again, for the same moment too", async () => {
    const { wait, until, rung } = await ringing(isPrepared);
    const moment = performance.now() + 2;
    until(moment);
    wait.cancel();
    until(moment);
    await rung;
  });

  test("lets the loop do other work meanwhile", async () => {
    const { until, rung } = await ringing(isPrepared);
    let turns = 0;
    const work = () => {
      turns += 1;
      turn = setImmediate(work);
    };
    let turn = setImmediate(work);
    until(performance.now() + 1);
    await rung;
    clearImmediate(turn);
    expect(turns).toBeGreaterThan(0);
  });
});
