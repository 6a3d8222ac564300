import { z } from "zod";
import { Comparison } from "../comparison.ts";

const side = z.strictObject({
  word: z.string().meta({ description: "As it was named." }),
  runs: z.array(z.string()).meta({ description: "Ids of the runs that it stands for." }),
});

/** `<out>/history-comparison.json`: two sides of the history; ratios and states are B's, beside A. */
export const SavedHistoryComparison = z.strictObject({
  schema: z.literal("pitwall.history-comparison/1"),
  comparedAt: z.iso.datetime(),
  a: side,
  b: side,
  margin: z.number().positive(),
  rows: z.array(z.looseObject(Comparison.omit({ arm: true, blocks: true, blocksWithout: true }).shape)),
});
export type SavedHistoryComparison = z.infer<typeof SavedHistoryComparison>;
