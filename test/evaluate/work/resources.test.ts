import { expect, test } from "vitest";
import { makeResources } from "../../../src/evaluate/work/resources.ts";

const never = new AbortController().signal;

test("no more instances go on at once than there are places, and none shares its GPU", async () => {
  const resources = makeResources(2, ["0", "1", "2"]);
  const [one, two] = [await resources.take(1, never), await resources.take(2, never)];
  expect([one.gpus, two.gpus]).toEqual([["0"], ["1", "2"]]);
  let third: readonly string[] | undefined;
  const waiting = resources.take(1, never).then((taken) => (third = taken.gpus));
  await Promise.resolve();
  expect(third).toBeUndefined();
  one.release();
  await waiting;
  expect(third).toEqual(["0"]);
});

test("one that needs many GPUs is not overtaken by those that need few", async () => {
  const resources = makeResources(4, ["0", "1"]);
  const first = await resources.take(1, never);
  const order: string[] = [];
  const noted = async (name: string, gpus: number) => {
    const taken = await resources.take(gpus, never);
    order.push(name);
    return taken;
  };
  const [many, few] = [noted("many", 2), noted("few", 1)];
  await new Promise((resolve) => setImmediate(resolve));
  expect(order).toEqual([]);
  first.release();
  (await many).release();
  (await few).release();
  expect(order).toEqual(["many", "few"]);
});

test("one that waits is let go on an abort, and its turn with it", async () => {
  const resources = makeResources(1, []);
  const first = await resources.take(0, never);
  const controller = new AbortController();
  const waiting = resources.take(0, controller.signal);
  controller.abort(new Error("ended"));
  await expect(waiting).rejects.toThrow("ended");
  first.release();
  expect((await resources.take(0, never)).gpus).toEqual([]);
});
