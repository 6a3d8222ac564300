import { durationText, estimateSeconds } from "../experiment/estimate.ts";
import { matrixOf } from "../experiment/matrix.ts";
import type { Experiments } from "../experiment/schema.ts";
import { planTable } from "../report/experiment-plan.ts";
import { terminalTable } from "../report/terminal.ts";
import { planRun } from "./measure-run.ts";
import { combinationsOf, inputsOf } from "./run-combinations.ts";
import type { RunInputs } from "./run-inputs.ts";
import type { Outcome } from "./verb.ts";

/** What experiments would run, without doing any of it. @throws UsageError when nothing of it could be run */
export async function showPlan(experiments: Experiments, inputs: RunInputs): Promise<Outcome> {
  const list = combinationsOf(experiments, inputs);
  const runs = list.filter(({ knownBad }) => knownBad === undefined);
  // The cells are the same for all of them.
  const { cells } = runs.length === 0 ? { cells: [] } : await planRun(inputsOf(runs[0]!, inputs));
  const seconds = runs.length === 0 ? 0 : estimateSeconds(cells);
  const text = [
    terminalTable(planTable(list)),
    `${runs.length} of ${list.length} combinations run, ${cells.length} cells each: about ${durationText(seconds)} a combination, ` +
      `${durationText(seconds * runs.length)} in all (a rough guess for an 8B model on a data-centre GPU)`,
  ];
  return {
    ok: true,
    outputs: { combinations: JSON.stringify(list), matrix: JSON.stringify(matrixOf(list)) },
    text: text.join("\n"),
  };
}
