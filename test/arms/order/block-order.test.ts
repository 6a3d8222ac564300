import { describe, expect, test } from "vitest";
import { blockOrder } from "../../../src/arms/order/block-order.ts";

const text = (arms: string, block: number) => blockOrder([...arms], block).join("");

/** How often the second letter comes right after the first, over all blocks of a round. */
function followers(arms: string): Map<string, number> {
  const pairs = new Map<string, number>();
  for (let block = 0; block < arms.length; block += 1) {
    const order = text(arms, block);
    for (let at = 1; at < order.length; at += 1) {
      const pair = order.slice(at - 1, at + 1);
      if (pair[0] !== pair[1]) pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
    }
  }
  return pairs;
}

test("two arms are measured ABBA, and then BAAB", () => {
  expect([0, 1, 2, 3].map((block) => text("AB", block))).toEqual(["ABBA", "BAAB", "ABBA", "BAAB"]);
});

describe.each(["ABC", "ABCD", "ABCDE", "ABCDEF"])("of the arms %s", (arms) => {
  const blocks = [...arms].map((_, block) => text(arms, block));

  test("each is measured twice a block, around the same mean moment", () => {
    for (const order of blocks) {
      for (const arm of arms) {
        const [first, last] = [order.indexOf(arm), order.lastIndexOf(arm)];
        expect(first + last, order).toBe(order.length - 1);
      }
    }
  });

  test("each begins once in as many blocks as there are arms", () => {
    expect(
      blocks
        .map(([first]) => first)
        .toSorted()
        .join(""),
    ).toBe(arms);
  });

  test("each comes equally often after each other", () => {
    const counts = new Set(followers(arms).values());
    expect(followers(arms).size).toBe(arms.length * (arms.length - 1));
    expect(counts.size).toBe(1);
  });
});
