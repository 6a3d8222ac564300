import { z } from "zod";
import { Reason } from "./reason.ts";
import { RUN_ID } from "./run.ts";

/** How one combination of an experiment ended. */
export const ExperimentEnd = z.strictObject({
  name: z.string().meta({ description: "Also the folder of its files." }),
  settings: z.record(z.string(), z.string()).meta({ description: "off: no flag; on: the bare flag." }),
  engineArgs: z.array(z.string()),
  status: z.enum(["ok", "failed", "cancelled", "skipped"]),
  reason: Reason.optional().meta({ description: "Of one that is not ok: the class." }),
  detail: z.string().optional(),
  seconds: z.number().nonnegative(),
  runId: z.string().regex(RUN_ID).optional().meta({ description: "Its run document, if there is one." }),
  published: z.literal(false).optional().meta({ description: "Its document could not be published." }),
  configurationHash: z.string().meta({ description: "Of everything that decides what is measured." }),
});
export type ExperimentEnd = z.infer<typeof ExperimentEnd>;

/** `<out>/experiments.json`: what was planned and how each of it ended. */
export const ExperimentsManifest = z.strictObject({
  schema: z.literal("pitwall.experiments/1"),
  startedAt: z.iso.datetime(),
  experiments: z.array(ExperimentEnd),
});
export type ExperimentsManifest = z.infer<typeof ExperimentsManifest>;
