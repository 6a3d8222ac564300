import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { NULL_ARM } from "../../arms/arm.ts";
import type { Comparison } from "../../arms/comparison.ts";
import { LiveComparison } from "../../arms/live-comparison.ts";
import { comparisonMarkdown, comparisonText } from "../../arms/report/comparison-table.ts";
import { UsageError } from "../../errors.ts";
import { readJson } from "../../files.ts";
import type { Tools } from "../../tools.ts";
import { runFile, summaryFile } from "../../working-folder/names.ts";
import { run } from "../run/run.ts";
import { defineVerb, type Outcome } from "../verb.ts";
import { compareHistory } from "./history.ts";
import { CompareInputs, LIVE_OUTPUT } from "./inputs.ts";
import { readArms } from "./live/arms-file.ts";
import { runInputsOf } from "./live/load-inputs.ts";
import { type Answer, measureArms } from "./live/measure-arms.ts";

export const compare = defineVerb({
  name: "compare",
  description:
    "Compares two sides of the history; or with --live builds of an engine, measured side by side until it is decided.",
  inputs: CompareInputs,
  positional: "runs",
  presets: run.presets!,
  outputs: {
    wins: "What is better, as ARM CELL METRIC; of the history as CELL METRIC.",
    loses: "What is worse.",
    undecided: "What is neither, and not shown to be equal.",
    end: "With live: why no more blocks were measured: decided, max_blocks, max_gpu_minutes, nothing_left or cancelled.",
    runFile: "With live: path of the run document, for publish; empty where the base has no numbers.",
    summaryFile: "With live: path of the Markdown summary.",
    results: "With live: folder with all of it.",
  },
  refuse: run.refuse!,
  async run(inputs, tools) {
    const { live, arms, runs } = inputs;
    if (runs === undefined) {
      if (!live || arms === undefined) throw new UsageError(usageOf(live));
      const { output = LIVE_OUTPUT } = inputs;
      const { comparison, records } = await measured({ ...inputs, output }, arms, tools);
      return outcomeOf(comparison, records[0]!.measured.length > 0, { ...inputs, output });
    }
    if (live || arms !== undefined) {
      throw new UsageError(
        `--live measures the builds of --arms, and takes no runs like “${runs[0]}”: leave one of the two out`,
      );
    }
    const [saved, ...more] = runs as [string];
    if (more.length > 0 || !saved.endsWith(".json")) return await compareHistory({ ...inputs, runs }, tools);
    const folder = dirname(saved);
    await refuseOthers(saved);
    return outcomeOf(await readJson(saved, LiveComparison), existsSync(runFile(folder)), { ...inputs, output: folder });
  },
});

async function refuseOthers(file: string): Promise<void> {
  const { schema } = await readJson(file, z.looseObject({ schema: z.string().optional() }));
  if (schema?.startsWith("pitwall.run/")) {
    throw new UsageError(`${file} is a single run, and a comparison has two sides: name the other one behind it`);
  }
  if (schema?.startsWith("pitwall.history-comparison/")) {
    throw new UsageError(`${file} is what two sides of the history came to, for notify: name the two to see it again`);
  }
}

const usageOf = (live: boolean) =>
  live
    ? "--live needs --arms FILE, with the builds to compare"
    : "name two sides of the history, as in compare main v0.33.0, or measure builds now with --live --arms FILE";

/** Inputs with a folder to write into. */
type Placed = CompareInputs & { output: string };

async function measured(inputs: Placed, file: string, tools: Tools): Promise<Answer> {
  const { margin, maxBlocks, maxGpuMinutes, output, clean, quietWait, lockClocks } = inputs;
  const arms = await readArms(file, inputs, tools.env);
  const shared = runInputsOf(inputs);
  const question = {
    arms,
    inputs: shared,
    ...{ output, margin, maxBlocks, maxGpuMinutes },
    withNull: inputs.null,
  };
  return await measureArms({ ...question, clean, quietWait, lockClocks }, tools);
}

function outcomeOf(comparison: LiveComparison, hasDocument: boolean, inputs: Placed): Outcome {
  const { output, failOn = [] } = inputs;
  const { comparisons, end } = comparison;
  const named = (state: Comparison["state"]) =>
    comparisons.filter((one) => one.state === state).map(({ arm, cell, metric }) => `${arm} ${cell} ${metric}`);
  const isFailed = comparisons.some(({ arm, state }) => arm !== NULL_ARM && failOn.includes(state));
  const hasNumbers = comparisons.some(({ ratio }) => ratio !== undefined);
  return {
    ok: hasNumbers && end !== "cancelled" && !isFailed,
    outputs: {
      ...{ wins: named("wins"), loses: named("loses"), undecided: named("undecided"), end },
      ...{ runFile: hasDocument ? runFile(output) : null, summaryFile: summaryFile(output) },
      results: output,
    },
    json: comparison,
    summary: comparisonMarkdown(comparison),
    text: comparisonText(comparison),
  };
}
