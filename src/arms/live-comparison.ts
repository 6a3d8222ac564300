import { z } from "zod";
import { Shrunk } from "../result/document/engine-record.ts";
import { Reason } from "../result/document/reason.ts";
import { Comparison } from "./comparison.ts";

const count = z.int().nonnegative();
const seconds = z.number().nonnegative();

/** Why no more blocks were measured. */
export const ENDS = {
  decided: "every comparison is decided",
  max_blocks: "the blocks of the budget are used up",
  max_gpu_minutes: "the minutes of the budget are used up",
  nothing_left: "fewer than two arms could be measured",
  cancelled: "it was cancelled",
} as const satisfies Record<string, string>;
export type End = keyof typeof ENDS;

/** How an arm fared. */
const ArmReport = z.strictObject({
  name: z.string(),
  measurements: count.meta({ description: "Those with numbers." }),
  failure: z
    .strictObject({
      reason: Reason,
      detail: z.string(),
      whose: z.enum(["patch", "environment"]).meta({
        description: "patch: it does not apply, or its base ran in the same image or program; else environment.",
      }),
    })
    .optional()
    .meta({ description: "Why it was not measured to the end." }),
});

/** `<out>/comparison.json`: builds that were measured side by side. The first arm is the base. */
export const LiveComparison = z.strictObject({
  schema: z.literal("pitwall.comparison/1"),
  startedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  end: z.enum(Object.keys(ENDS) as [End, ...End[]]),
  blocks: count,
  looks: count.optional().meta({
    description:
      "Blocks after which it was looked whether all is decided, in all calls; a later one may have fewer blocks.",
  }),
  margin: z.number().positive(),
  budgets: z
    .array(z.strictObject({ from: count, maxBlocks: z.int().positive() }))
    .min(1)
    .optional()
    .meta({
      description: "Blocks at most, and after how many blocks that was said: calls share one error of all looks.",
    }),
  arms: z.array(ArmReport),
  comparisons: z.array(Comparison),
  quiet: z
    .strictObject({
      quiet: z.boolean().meta({ description: "At each look." }),
      waitedSeconds: seconds.meta({ description: "All looks together." }),
      problems: z.array(z.string()).meta({ description: "At the last look that found any." }),
      looks: count.optional().meta({ description: "One before each block that was measured." }),
      busyLooks: count.optional().meta({ description: "Blocks that began though it was not quiet." }),
    })
    .optional()
    .meta({ description: "Of the machine before the blocks; absent where it was not asked for." }),
  clocks: z
    .strictObject({ mhz: z.array(z.number()).optional(), problem: z.string().optional() })
    .optional()
    .meta({ description: "With --lock-clocks: of each GPU, or why they were not locked." }),
  nullArm: z
    .strictObject({ comparisons: count, falseAlarms: count })
    .optional()
    .meta({ description: "Of the base beside itself: comparisons, and those that ended as wins or losses." }),
  shrunk: z
    .strictObject({ ...Shrunk.shape, arm: z.string().meta({ description: "That ran out of memory." }) })
    .optional()
    .meta({ description: "max_model_len of all arms, because one had no memory for more." }),
  time: z.strictObject({
    totalSeconds: seconds,
    engineStartSeconds: seconds,
    warmupSeconds: seconds,
    measuredSeconds: seconds,
    keptSeconds: seconds.meta({ description: "Of measurements that an earlier call had made; not in the total." }),
    waitedSeconds: seconds.meta({ description: "For a quiet machine." }),
  }),
});
export type LiveComparison = z.infer<typeof LiveComparison>;
