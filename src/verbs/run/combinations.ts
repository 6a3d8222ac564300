import { join } from "node:path";
import { UsageError } from "../../errors.ts";
import { type Combination, planExperiments, shardOf } from "../../experiment/plan.ts";
import type { Experiments } from "../../experiment/schema.ts";
import { present } from "../../result/present.ts";
import { refuseOwnArguments } from "../start-engine/own-arguments.ts";
import type { RunInputs } from "./inputs.ts";

/** Other spellings of an argument that an axis may set. */
const SHORT: Record<string, string> = { "tensor-parallel-size": "-tp", quantization: "-q" };

/** The part of the list that is asked for. @throws UsageError when axes and other inputs contradict each other */
export function combinationsOf(experiments: Experiments, inputs: RunInputs): Combination[] {
  const { engine, engineArgs, shard } = inputs;
  if (engine === "remote") throw new UsageError("experiments start an engine each; --engine remote starts none");
  if (engine === "kubernetes") {
    throw new UsageError("experiments set an engine's arguments, which with --engine kubernetes are the manifest's");
  }
  const all = planExperiments(experiments);
  const axes = Object.keys(all[0]!.settings).filter((axis) => axis !== "model");
  refuseOwnArguments(axes.map((axis) => `--${axis}`));
  const twice = axes.find((axis) => engineArgs.some((argument) => setsAxis(argument, axis)));
  if (twice !== undefined) {
    throw new UsageError(
      `--engine-args holds --${twice}, which is an axis of the experiments too: leave it out of one`,
    );
  }
  return shard === undefined ? all : shardOf(all, shard);
}

function setsAxis(argument: string, axis: string): boolean {
  const name = argument.split("=", 1)[0]!;
  return name === SHORT[axis] || name.replaceAll("_", "-") === `--${axis}`;
}

/** What one combination is run with: a working folder, engine arguments and a series of its own. */
export function inputsOf({ name, model, engineArgs, configuration }: Combination, inputs: RunInputs): RunInputs {
  const label = [inputs.configuration, configuration].filter((part) => part !== undefined).join(" ");
  return {
    ...inputs,
    ...present({ model }),
    engineArgs: [...inputs.engineArgs, ...engineArgs],
    output: join(inputs.output, name),
    configuration: label === "" ? undefined : label,
    // The site shows all of them; it is built once.
    skipSite: true,
  };
}
