import { z } from "zod";
import { CELL_ID, CellParams } from "./cell.ts";
import { ENGINE_KINDS } from "./engine-record.ts";
import { RUN_ID } from "./run.ts";

const at = z.int().nonnegative();
const probability = z.number().min(0).max(1);
const ratio = z.number().positive();
/** When, in milliseconds since 1970, and the number. */
const timed = z.strictObject({ at: z.number().nonnegative(), value: z.number().positive() });
const twice = z.tuple([timed, timed]);

/** How a search for the build that changed a number can end. */
export const BISECT_ENDS = {
  culprit: "One build changed the number: measured beside the one before it, it does so again.",
  range: "One of several did, of which those between could not be built or measured.",
  not_reproduced: "The two ends do not differ here as they should, so there is nothing to look for.",
  budget_spent: "The budget ended first.",
} as const satisfies Record<string, string>;
type BisectEnd = keyof typeof BISECT_ENDS;

const Build = z.strictObject({
  name: z.string().min(1).meta({ description: "Commit, all 40 digits; or a version." }),
  subject: z.string().optional().meta({ description: "First line of the commit's message." }),
  weight: z.number().positive().meta({
    description: "How likely it is, beside the others, to have changed anything, before it was measured.",
  }),
  skipped: z.string().optional().meta({ description: "Why it could not be built or measured." }),
});
export type BisectBuild = z.infer<typeof Build>;

const Block = z.strictObject({
  build: at.meta({ description: "Its place among the builds." }),
  against: at.meta({
    description: "Place of the one that it was measured beside: the good end, or the one before it.",
  }),
  base: twice.meta({ description: "Numbers of the other one, the first and the last of the block." }),
  arm: twice.meta({ description: "Its own numbers, both between them." }),
  setAside: z.literal(true).optional().meta({
    description: "The two numbers of one build lie so far apart that one is of a bad moment: it counts for nothing.",
  }),
});

const Stretch = z.strictObject({
  from: at.meta({ description: "The last build without the change." }),
  to: at.meta({ description: "The first with it; where there are others between, any of those may have brought it." }),
  probability,
  ratio: ratio.meta({ description: "Of the two, with the change ÷ without." }),
  low: z.number().nonnegative().optional().meta({ description: "Interval, where they were measured side by side." }),
  high: ratio.optional(),
  verified: z.boolean().meta({ description: "Measured side by side they differ, beyond chance, in that direction." }),
});
export type BisectStretch = z.infer<typeof Stretch>;

const Result = z.strictObject({
  end: z.enum(Object.keys(BISECT_ENDS) as [BisectEnd, ...BisectEnd[]]),
  ratio: ratio.optional().meta({ description: "Bad ÷ good end." }),
  low: z.number().nonnegative().optional(),
  high: ratio.optional(),
  changes: z.array(Stretch).meta({ description: "Where the number changes, the largest change first." }),
  runnerUp: Stretch.optional().meta({ description: "The likeliest of all others." }),
  detail: z.string().meta({ description: "The same in a sentence." }),
});
export type BisectResult = z.infer<typeof Result>;

/**
 * A search for the build that changed a number: `<out>/bisect.json` while it goes on, `bisects/<name>.json` on the data branch.
 * Builds are commits of one line of history, or versions; the first is the good end and the last the bad one.
 */
export const Bisect = z.strictObject({
  schema: z.literal("pitwall.bisect/1"),
  id: z.string().regex(RUN_ID).meta({ description: "Of the search; its records share it." }),
  startedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  cell: z.string().regex(CELL_ID),
  params: CellParams,
  metric: z.string().min(1),
  alarm: z
    .string()
    .regex(RUN_ID)
    .optional()
    .meta({ description: "Id of the run whose number was found to have changed." }),
  engine: z.enum(ENGINE_KINDS),
  model: z.string(),
  host: z.strictObject({ label: z.string(), gpu: z.string().nullable(), gpuCount: at.nullable() }),
  inputs: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .meta({ description: "Of all that decides what is measured: only a search with the same goes on from here." }),
  maxBlocks: z.int().positive(),
  deviceSeconds: z.number().nonnegative().meta({ description: "That engines had the device, all calls together." }),
  builds: z.array(Build).min(2),
  blocks: z.array(Block).meta({ description: "In the order in which they were measured." }),
  result: Result.optional().meta({ description: "Absent while it goes on." }),
});
export type Bisect = z.infer<typeof Bisect>;
