import { expect, test } from "vitest";
import { Progress } from "../../../../src/verbs/compare/live/progress.ts";

const after = (blocks: number, maxBlocks: number) => {
  const progress = new Progress(maxBlocks);
  for (let block = 0; block < blocks; block++) progress.count();
  return progress;
};
/** As it lies in the folder when a call has ended. */
const saved = ({ blocks, looks, budgets }: Progress) => ({ blocks, looks, budgets: [...budgets] });

test("a call with a larger budget goes on where the looks of the earlier one ended", () => {
  const later = new Progress(20);
  later.goOnFrom(saved(after(6, 6)));
  expect(later.budgets).toEqual([
    { from: 0, maxBlocks: 6 },
    { from: 6, maxBlocks: 20 },
  ]);
});

test("looks at blocks that a call in between did not take up are not forgotten", () => {
  const between = new Progress(4);
  between.goOnFrom(saved(after(6, 6)));
  for (let block = 0; block < 4; block++) between.count();
  const last = new Progress(20);
  last.goOnFrom(saved(between));
  expect(last.budgets.at(-1)).toEqual({ from: 6, maxBlocks: 20 });
});

test("a comparison of before there were budgets has the one of this call", () => {
  const progress = new Progress(20);
  progress.goOnFrom({ blocks: 6 });
  expect(progress.budgets).toEqual([{ from: 0, maxBlocks: 20 }]);
});

test("numbers that are measured anew begin anew", () => {
  const progress = new Progress(20);
  progress.goOnFrom(saved(after(6, 6)));
  progress.beginAnew();
  expect(saved(progress)).toEqual({ blocks: 0, looks: 0, budgets: [{ from: 0, maxBlocks: 20 }] });
});
