import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { takeTurn } from "../../../src/database/git-home/turn.ts";

const never = new AbortController().signal;

test.runIf(process.platform === "linux")(
  "of those who take turns one is at it at a time, and each gets theirs",
  async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      await using turn = await takeTurn("turn test", never);
      most = Math.max(most, ++inside);
      await setTimeout(2);
      inside--;
      return turn.waited;
    };
    const waited = await Promise.all(Array.from({ length: 12 }, work));
    expect(most).toBe(1);
    expect(waited.filter((one) => !one)).toHaveLength(1);
  },
);

test("an abort ends the wait, and turns at other things are free", async () => {
  await using _held = await takeTurn("held", never);
  await using other = await takeTurn("something else", never);
  expect(other.waited).toBe(false);
  const controller = new AbortController();
  const waiting = takeTurn("held", controller.signal);
  controller.abort();
  await using turn = await waiting;
  expect(turn).toBeDefined();
});
