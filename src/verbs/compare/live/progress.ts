import type { LiveComparison } from "../../../arms/live-comparison.ts";
import { type Budget, goingOn } from "../../../arms/statistics/boundary.ts";

/** How far a comparison is, and by which budgets its looks share the error. */
export class Progress {
  readonly maxBlocks: number;
  /** Whole ones. */
  blocks = 0;
  /** Blocks after which it was looked, also by earlier calls that had more of them. */
  looks = 0;
  budgets: readonly Budget[];

  constructor(maxBlocks: number) {
    this.maxBlocks = maxBlocks;
    this.budgets = goingOn([], 0, maxBlocks);
  }

  /** Takes up what an earlier call has looked at. */
  goOnFrom({ budgets = [], blocks, looks = blocks }: Pick<LiveComparison, "budgets" | "blocks" | "looks">): void {
    this.looks = looks;
    this.budgets = goingOn(budgets, looks, this.maxBlocks);
  }

  /** One more block was measured. */
  count(): void {
    this.blocks += 1;
    this.looks = Math.max(this.looks, this.blocks);
  }

  /** What was seen of numbers that are thrown away says nothing of others. */
  beginAnew(): void {
    [this.blocks, this.looks] = [0, 0];
    this.budgets = goingOn([], 0, this.maxBlocks);
  }
}
