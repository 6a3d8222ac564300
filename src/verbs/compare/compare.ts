import { NULL_ARM } from "../../arms/arm.ts";
import type { Comparison } from "../../arms/comparison.ts";
import { comparisonMarkdown, comparisonText } from "../../arms/report/comparison-table.ts";
import { UsageError } from "../../errors.ts";
import type { Tools } from "../../tools.ts";
import { runFile, summaryFile } from "../../working-folder/names.ts";
import { run } from "../run/run.ts";
import { defineVerb, type Outcome } from "../verb.ts";
import { CompareInputs } from "./inputs.ts";
import { readArms } from "./live/arms-file.ts";
import { runInputsOf } from "./live/load-inputs.ts";
import { type Answer, measureArms } from "./live/measure-arms.ts";

export const compare = defineVerb({
  name: "compare",
  description:
    "Compares builds of an engine: with --live it measures them now, side by side, until the interval decides.",
  inputs: CompareInputs,
  positional: "runs",
  presets: run.presets!,
  outputs: {
    wins: "Comparisons in which an arm is better than the base, as ARM CELL METRIC.",
    loses: "Those in which it is worse.",
    undecided: "Those that the budget did not decide.",
    end: "Why no more blocks were measured: decided, max_blocks, max_gpu_minutes, nothing_left or cancelled.",
    runFile: "Path of the run document, for publish; empty where the base has no numbers.",
    summaryFile: "Path of the Markdown summary.",
    results: "Folder with all of it.",
  },
  refuse: run.refuse!,
  async run(inputs, tools) {
    if (!inputs.live || inputs.arms === undefined || inputs.runs !== undefined) throw new UsageError(usageOf(inputs));
    return outcomeOf(await measured(inputs, inputs.arms, tools), inputs);
  },
});

function usageOf({ live, arms, runs }: CompareInputs): string {
  if (runs !== undefined)
    return live || arms !== undefined
      ? `--live measures the builds of --arms, and takes no runs like “${runs[0]}”: leave one of the two out`
      : "runs of the history cannot be compared yet: measure builds with --live --arms FILE";
  return live
    ? "--live needs --arms FILE, with the builds to compare"
    : "give --live --arms FILE, which measures builds now";
}

async function measured(inputs: CompareInputs, file: string, tools: Tools): Promise<Answer> {
  const { margin, maxBlocks, maxGpuMinutes, output, clean, quietWait, lockClocks } = inputs;
  const arms = await readArms(file, inputs, tools.env);
  const shared = runInputsOf(inputs);
  const question = {
    arms,
    inputs: shared,
    output,
    design: { margin, maxBlocks },
    maxGpuMinutes,
    withNull: inputs.null,
  };
  return await measureArms({ ...question, clean, quietWait, lockClocks }, tools);
}

function outcomeOf({ comparison, records }: Answer, { output, failOn = [] }: CompareInputs): Outcome {
  const { comparisons, end } = comparison;
  const named = (state: Comparison["state"]) =>
    comparisons.filter((one) => one.state === state).map(({ arm, cell, metric }) => `${arm} ${cell} ${metric}`);
  const isFailed = comparisons.some(({ arm, state }) => arm !== NULL_ARM && failOn.includes(state));
  const hasNumbers = comparisons.some(({ ratio }) => ratio !== undefined);
  return {
    ok: hasNumbers && end !== "cancelled" && !isFailed,
    outputs: {
      ...{ wins: named("wins"), loses: named("loses"), undecided: named("undecided"), end },
      ...{ runFile: records[0]!.measured.length > 0 ? runFile(output) : null, summaryFile: summaryFile(output) },
      results: output,
    },
    json: comparison,
    summary: comparisonMarkdown(comparison),
    text: comparisonText(comparison),
  };
}
