import { z } from "zod";
import { COMPARISON_STATES, type ComparisonState } from "../../arms/comparison.ts";
import { machineInputs } from "../benchmark/steady-machine.ts";
import { runQueryInputs } from "../history/history.ts";
import { homeInputs } from "../history/home.ts";
import { RunInputs } from "../run/inputs.ts";
import { bareWords, flag, list, text } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { minutes, repetitions, share } from "../schema/number-fields.ts";
import { loadInputs } from "./live/load-inputs.ts";

const STATES = Object.keys(COMPARISON_STATES) as [ComparisonState, ...ComparisonState[]];

/** Where builds are measured when no folder is named. */
export const LIVE_OUTPUT = ".pitwall/compare";

export const CompareInputs = z.strictObject({
  runs: bareWords(
    "Two sides of the history, A and B: run documents, or runs by run:ID, commit:SHA, ref:NAME, version:V, image:TAG or " +
      "FROM..TO, or by the name alone where it is clear. Or one comparison.json, to show it again.",
  ).optional(),
  ...inGroup("What to do", {
    live: flag("Measure the arms of --arms now, side by side on this machine.").default(false),
    preset: RunInputs.shape.preset,
  }),
  ...inGroup("Arms", {
    arms: text(
      "YAML or JSON with the builds to compare, the first of which is the base: see docs/compare.md.",
      "FILE",
    ).optional(),
    margin: share(
      "Share of 1 around it within which two count as equal, 0.02 or 2%; what counts as better or worse does not depend on it.",
    ).default(0.02),
    maxBlocks: repetitions("Blocks at most; in each every arm is measured twice.").default(20),
    maxGpuMinutes: minutes("Minutes at most that engines may have the device, all arms together.").optional(),
    null: flag("Measure the base once more as an arm of its own, whose wins and losses are false alarms.").default(
      false,
    ),
    failOn: list(z.enum(STATES))
      .meta({ description: "Fail when a comparison ends so (the null arm's aside).", placeholder: "STATE,…" })
      .optional(),
  }),
  ...homeInputs,
  ...inGroup("History", {
    skipDamaged: runQueryInputs.skipDamaged,
    cell: text("Part of a cell's id: compare no others.").optional(),
  }),
  ...machineInputs(120),
  ...loadInputs,
  ...inGroup("Output", {
    output: text(
      "Folder of the comparison: with live a working folder for each measurement, and what came of them (default: " +
        `${LIVE_OUTPUT}); ` +
        "of the history what came of it, for notify (default: it is only told).",
      "DIR",
    ).optional(),
    clean: flag("Begin anew: by default blocks that were measured with the same arms and inputs are taken.").default(
      false,
    ),
  }),
});
export type CompareInputs = z.output<typeof CompareInputs>;
