import { estimateList, estimateSeconds } from "../../experiment/estimate.ts";
import { LARGEST_MATRIX, matrixOf } from "../../experiment/matrix.ts";
import type { Combination } from "../../experiment/plan.ts";
import type { Experiments } from "../../experiment/schema.ts";
import { planTable } from "../../report/experiments/experiment-plan.ts";
import { terminalTable } from "../../report/terminal.ts";
import { roughDurationText } from "../../report/text/duration-text.ts";
import type { Outcome } from "../verb.ts";
import { combinationsOf, inputsOf } from "./combinations.ts";
import type { RunInputs } from "./inputs.ts";
import { configurationHash, earlierEnds } from "./manifest.ts";
import { planRun } from "./measure.ts";

/** What experiments would run, without doing any of it. @throws UsageError when nothing of it could be run */
export async function showPlan(experiments: Experiments, inputs: RunInputs): Promise<Outcome> {
  const list = combinationsOf(experiments, inputs);
  const runs = list.filter(({ knownBad }) => knownBad === undefined);
  // The cells are the same for all of them.
  const { cells } = runs.length === 0 ? { cells: [] } : await planRun(inputsOf(runs[0]!, inputs));
  const text = [
    terminalTable(planTable(list)),
    `${runs.length} of ${list.length} combinations run, ${cells.length} cells each: ${await timeOf(runs, cells, inputs)}`,
    ...(runs.length > LARGEST_MATRIX
      ? [
          `A matrix of GitHub starts ${LARGEST_MATRIX} jobs: its ${LARGEST_MATRIX} parts are those of --shard I/${LARGEST_MATRIX}`,
        ]
      : []),
  ];
  return {
    ok: true,
    outputs: { combinations: JSON.stringify(list), matrix: JSON.stringify(matrixOf(list)) },
    text: text.join("\n"),
  };
}

async function timeOf(
  runs: readonly Combination[],
  cells: Parameters<typeof estimateSeconds>[0],
  inputs: RunInputs,
): Promise<string> {
  const guess = estimateSeconds(cells);
  const names = runs.map(({ name }) => name);
  const { seconds, known } = estimateList(names, await secondsBefore(runs, inputs), guess);
  const inAll = `${roughDurationText(seconds)} in all`;
  if (known === 0) {
    return `about ${roughDurationText(guess)} a combination, ${inAll} (a rough guess for an 8B model on a data-centre GPU)`;
  }
  return known === runs.length
    ? `about ${inAll}, as long as they took before`
    : `about ${inAll}: ${known} as long as they took before, each of the others as long as their mean`;
}

/** How long those took that an earlier run in the same folder measured whole, with the same inputs. */
async function secondsBefore(runs: readonly Combination[], inputs: RunInputs): Promise<Map<string, number>> {
  const earlier = await earlierEnds(inputs.output);
  const asRun = { ...inputs, plan: false };
  return new Map(
    runs.flatMap((run) => {
      const end = earlier.get(run.name);
      const isSame = end?.status === "ok" && end.configurationHash === configurationHash(inputsOf(run, asRun));
      return isSame ? [[run.name, end.seconds]] : [];
    }),
  );
}
