import { z } from "zod";
import { CELL_ID } from "../result/document/cell.ts";

/** What can come of measuring an arm beside its base, seen from the arm's side. */
export const COMPARISON_STATES = {
  wins: "Better than its base: the interval of the ratio leaves 1 on the better side.",
  loses: "Worse than its base: the interval leaves 1 on the worse side.",
  ties: "Equal: the interval lies within the margin.",
  undecided: "The budget ended before the interval decided.",
  load_limited: "Both served the rate that was asked for, so their throughput says nothing of their speed.",
  bought: "Throughput rose, and a latency got worse by more than the margin.",
  invalid: "The two were not measured with the same settings.",
  arm_failed: "One of the two has no numbers.",
  not_valid_here: "On this machine the reference does not beat the base.",
} as const satisfies Record<string, string>;

export type ComparisonState = keyof typeof COMPARISON_STATES;

/** One metric of one cell, of one arm beside the base. Ratios are arm ÷ base, absent where nothing was measured. */
export const Comparison = z.strictObject({
  arm: z.string(),
  cell: z.string().regex(CELL_ID),
  metric: z.string().meta({ description: "Name of the metric; of a distribution its median, or its mean." }),
  ratio: z.number().positive().optional().meta({ description: "Arm ÷ base." }),
  low: z.number().nonnegative().optional().meta({ description: "Lower end of the ratio's interval." }),
  high: z.number().positive().optional().meta({ description: "Upper end of the ratio's interval." }),
  state: z.enum(Object.keys(COMPARISON_STATES) as [ComparisonState, ...ComparisonState[]]),
  blocks: z.int().nonnegative().meta({ description: "Blocks that both arms have numbers of." }),
  blocksWithout: z.int().positive().optional().meta({
    description: "Blocks that were measured and count for nothing, because both arms lack this metric in them.",
  }),
  detail: z.string().optional().meta({ description: "Why it is so, where the state alone does not say it." }),
});
export type Comparison = z.infer<typeof Comparison>;
