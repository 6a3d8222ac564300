import { ARM_ENGINES, type ArmEngine } from "../../arms/arm.ts";
import type { StoredNumber } from "../../arms/bisect/evidence.ts";
import { UsageError } from "../../errors.ts";
import { nearNames } from "../../near-names.ts";
import type { BisectBuild } from "../../result/document/bisect.ts";
import type { CellPlan } from "../../result/document/cell-plan.ts";
import { METRICS, type MetricName } from "../../result/metrics/metric.ts";
import type { Tools } from "../../tools.ts";
import { runInputsOf } from "../compare/live/load-inputs.ts";
import { hostOfRun } from "../post-process/run-host.ts";
import type { RunInputs } from "../run/inputs.ts";
import { configurationHash } from "../run/manifest.ts";
import { planRun } from "../run/measure.ts";
import { SIMULATED_MODEL } from "../start-engine/inputs.ts";
import type { Alarm } from "./alarm/alarm.ts";
import { alarmNumbers, askedAlarm, inputsOfAlarm, requireHostOf } from "./alarm/asked-alarm.ts";
import { type Recipe, recipeOf } from "./build/recipe.ts";
import type { BisectInputs } from "./inputs.ts";
import { commitLine } from "./line/commit-line.ts";
import { versionLine } from "./line/version-line.ts";
import { measuringJust, onlyCell } from "./only-cell.ts";
import { type Begun, hashOf } from "./state.ts";

/** All that is asked, looked up and held together before anything is built. */
export interface Question {
  begun: Begun;
  recipe: Recipe;
  engine: ArmEngine;
  /** What measures the one cell; engine arguments are those of the build. */
  inputs: RunInputs;
  cell: CellPlan;
  metric: MetricName;
  direction: "higher" | "lower" | null;
  stored: readonly StoredNumber[];
}

/** @throws UsageError, UserError before anything is touched */
export async function questionOf(inputs: BisectInputs, tools: Tools): Promise<Question> {
  const alarm = await askedAlarm(inputs, tools);
  const load = runInputsOf(alarm === null ? inputs : inputsOfAlarm(inputs, alarm));
  const { cell: id, metric } = alarm === null ? named(inputs) : { cell: alarm.cell.id, metric: alarm.metric };
  const engine = ARM_ENGINES.find((one) => one === load.engine);
  if (engine === undefined) throw new UsageError("a bisect starts its engines, which --engine remote does not");
  const recipe = recipeOf({ ...inputs, engine, engineArgs: load.engineArgs, image: load.image });
  const free = { ...load, output: inputs.output };
  const own = alarm === null ? await onlyCell(free, id) : await measuringJust(alarm.cell, free);
  const builds = await lineOf(inputs, alarm, tools.env);
  const { cells } = await planRun(own);
  const host = await hostOfRun({ kind: engine, baseUrl: null }, inputs, tools);
  if (alarm !== null) requireHostOf(alarm, host, inputs.force);
  const begun: Begun = {
    ...{ cell: id, params: cells[0]!.params, metric, engine, model: own.model ?? SIMULATED_MODEL },
    ...(alarm === null ? {} : { alarm: alarm.run.id }),
    host: { label: host.label, gpu: host.gpu, gpuCount: host.gpuCount },
    inputs: hashOf([builds.map(({ name }) => name), id, metric, recipe, configurationHash({ ...own, output: "" })]),
    maxBlocks: inputs.maxBlocks,
    builds,
  };
  return {
    ...{ begun, recipe, engine, cell: cells[0]!, metric },
    // Documents of measurements name the commit that they are of, and its subject.
    inputs: { ...own, engineArgs: [], ...(inputs.versions === undefined ? { sourceDir: inputs.repository } : {}) },
    direction: alarm?.direction ?? null,
    stored: alarm === null ? [] : alarmNumbers(alarm, builds),
  };
}

function named({ cell, metric }: BisectInputs): { cell: string; metric: MetricName } {
  if (cell === undefined || metric === undefined) {
    throw new UsageError(
      "say what changed: --cell ID and --metric NAME, as in --cell latency-sweep/in_512_out_128_bs_1 --metric latency_s, " +
        'or the alarm of the history: --run ID --series "CELL METRIC"',
    );
  }
  if (Object.hasOwn(METRICS, metric)) return { cell, metric: metric as MetricName };
  throw new UsageError(`--metric ${metric} is no metric; did you mean ${nearNames(metric, Object.keys(METRICS))}?`);
}

async function lineOf(inputs: BisectInputs, alarm: Alarm | null, env: NodeJS.ProcessEnv): Promise<BisectBuild[]> {
  const { versions, repository } = inputs;
  const { good = alarm?.good, bad = alarm?.bad } = inputs;
  if (versions !== undefined) return versionLine(versions, inputs.good, inputs.bad);
  if (good === undefined || bad === undefined) {
    throw new UsageError("name the two ends with --good REF and --bad REF, or versions with --versions A,B,…");
  }
  return await commitLine({ good, bad, repository }, env);
}
