import { z } from "zod";
import { CompareInputs } from "../compare/inputs.ts";
import { loadInputs } from "../compare/live/load-inputs.ts";
import { homeInputs } from "../history/home.ts";
import { flag, list, text, words } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { repetitions } from "../schema/number-fields.ts";

const { maxGpuMinutes, quietWait, lockClocks } = CompareInputs.shape;
const { preset, margin } = CompareInputs.shape;

export const BisectInputs = z.strictObject({
  preset,
  ...inGroup("Bisect", {
    good: text("Commit, branch or tag before the change; with versions one of them.", "REF").optional(),
    bad: text("Commit, branch or tag with it.", "REF").optional(),
    repository: text("Clone of the engine's repository that has both; nothing in it is changed.", "DIR").default("."),
    versions: list(z.string().min(1).max(200))
      .meta({
        description: "Versions, or anything else that {version} stands for, in order: they take the place of commits.",
        placeholder: "VERSION,…",
      })
      .optional(),
    cell: text("Cell whose number changed.", "ID").optional(),
    metric: text("The number: a metric's name, as in latency_s; of a distribution its median.", "NAME").optional(),
    run: text(
      "Run of the history whose number is said to have changed: pair, cell, load and machine are taken from there.",
      "ID",
    ).optional(),
    series: text("Which of its numbers, a cell's id and a metric.", "CELL METRIC").optional(),
    force: flag("With run: measure on another machine than the alarm's, too.").default(false),
    build: words(
      "Command that makes the build of {commit} or {version}, run in the repository without a shell (default: none with an " +
        "image; of vllm its wheel for the commit or version).",
    ).default([]),
    program: text(
      "The build's vllm program, or the folder of its virtual environment; {commit} or {version} stands in it.",
      "PATH",
    ).optional(),
  }),
  ...inGroup("Bisect", {
    maxBlocks: repetitions("Blocks at most; in each, two builds are measured twice.").default(80),
  }),
  ...{ margin, maxGpuMinutes, quietWait, lockClocks },
  ...loadInputs,
  ...homeInputs,
  ...inGroup("Output", {
    output: text(
      "Folder of the search: its state, a working folder for each measurement, logs of builds.",
      "DIR",
    ).default(".pitwall/bisect"),
    clean: flag("Begin anew: by default a search with the same inputs goes on where it ended.").default(false),
  }),
});
export type BisectInputs = z.output<typeof BisectInputs>;
