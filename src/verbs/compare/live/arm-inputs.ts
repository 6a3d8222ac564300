import type { Arm } from "../../../arms/arm.ts";
import { RunInputs } from "../../run/inputs.ts";

/** Inputs of a run of one arm: what all share, with its own engine and its own arguments after the others. */
export function inputsOfArm({ engine, engineArgs, image }: Arm, inputs: RunInputs): RunInputs {
  const { gpus, shmSize, dockerArgs } = engine === "docker" ? inputs : NO_CONTAINER;
  return {
    ...{ ...inputs, engine, image, gpus, shmSize, dockerArgs },
    engineArgs: [...inputs.engineArgs, ...engineArgs],
    ...{ clean: false, follow: false, skipSite: true },
  };
}

const NO_CONTAINER = {
  gpus: RunInputs.shape.gpus.parse(undefined),
  shmSize: undefined,
  dockerArgs: [],
};

/** Where engines are of several kinds batches go to a server in all of them: only one of them has an offline engine. */
export function withOneMode(inputs: RunInputs, arms: readonly Arm[]): RunInputs {
  const kinds = new Set(arms.map(({ engine }) => engine));
  return inputs.mode === undefined && kinds.size > 1 ? { ...inputs, mode: "server" } : inputs;
}
