import { statSync } from "node:fs";
import { resolve } from "node:path";
import type { z } from "zod";
import type { Engine } from "../../engine/engine.ts";
import { UsageError } from "../../errors.ts";
import { present } from "../../result/present.ts";
import { dockerOptions, refuseDockerInputs } from "./docker-inputs.ts";
import { checkEngineArguments } from "./engine-arguments.ts";
import { engineInputs, SIMULATED_MODEL } from "./inputs.ts";
import { type ClusterInputs, kubernetesOptions, refuseKubernetesInputs } from "./kubernetes-inputs.ts";

type Inputs = z.output<z.ZodObject<typeof engineInputs>> & ClusterInputs;

/** What `run` knows besides: the lengths that it is going to ask for. */
interface RequestLengths {
  /** Lengths of the sweep, which measures each with each. */
  inputLen?: readonly number[];
  outputLen?: readonly number[];
  pairs?: readonly { inputLen: number; outputLen: number }[];
}

function longestRequest({ inputLen = [], outputLen = [], pairs = [] }: RequestLengths): number {
  const ofSweep = Math.max(0, ...inputLen) + Math.max(0, ...outputLen);
  return Math.max(ofSweep, ...pairs.map((lengths) => lengths.inputLen + lengths.outputLen));
}

/** What the engine room needs of the inputs. @throws UsageError when they do not fit together */
export function engineOptions(inputs: Omit<Inputs, "foreground" | "stop"> & RequestLengths): Engine {
  const { engine: kind, output, model, baseUrl, engineArgs, host, port, startTimeout, truth } = inputs;
  if (truth !== undefined && kind !== "simulated") {
    throw new UsageError(`--truth goes with --engine simulated: ${kind} does not know its own truth`);
  }
  if (kind !== "docker") refuseDockerInputs(kind, inputs);
  if (kind !== "kubernetes") refuseKubernetesInputs(kind, inputs);
  const patience = {
    startTimeoutSeconds: startTimeout,
    ...present({ pollSeconds: inputs.pollInterval }),
  };
  if (kind === "remote") {
    if (baseUrl === undefined) throw new UsageError("--engine remote needs a --base-url, like http://127.0.0.1:8000");
    if (inputs.envScript.length > 0 || inputs.workingDir !== undefined) {
      throw new UsageError("--env-script and --working-dir go with an engine that is started here, not with remote");
    }
    return { kind, output, baseUrl, model, ...patience };
  }
  if (baseUrl !== undefined) throw new UsageError(`--base-url goes with --engine remote, not with --engine ${kind}`);
  if (kind === "kubernetes") return clusterEngine(inputs, patience);
  if (kind !== "simulated" && model === undefined) {
    throw new UsageError(`--engine ${kind} needs a --model, like meta-llama/Llama-3.1-8B-Instruct`);
  }
  checkEngineArguments(inputs);
  const onOom = inputs.onOom === "shrink" ? { onOom: { neededContext: longestRequest(inputs) } } : {};
  const common = {
    ...{ output, model: model ?? SIMULATED_MODEL, engineArgs, host, port, ...patience },
    ...onOom,
    ...(inputs.envScript.length === 0 ? {} : { envScript: inputs.envScript }),
    ...(inputs.workingDir === undefined ? {} : { workingDir: workingFolder(kind, inputs.workingDir) }),
  };
  return kind === "docker" ? { kind, ...common, docker: dockerOptions(inputs) } : { kind, ...common, truth };
}

/** Its arguments are the manifest's. @throws UsageError for inputs of an engine that is started here */
function clusterEngine(
  inputs: Omit<Inputs, "foreground" | "stop">,
  patience: Pick<Engine, "startTimeoutSeconds">,
): Engine {
  const { output, model, port, host, engineArgs, envScript, workingDir, onOom } = inputs;
  const given = {
    "engine-args": engineArgs.length > 0,
    host: host !== engineInputs.host.parse(undefined),
    "env-script": envScript.length > 0,
    "working-dir": workingDir !== undefined,
    "on-oom": onOom !== "fail",
  };
  const [name] = Object.entries(given).find(([, isGiven]) => isGiven) ?? [];
  if (name !== undefined) {
    throw new UsageError(
      `--${name} goes with an engine that is started here; with --engine kubernetes the manifest says it`,
    );
  }
  return { kind: "kubernetes", output, model, port, ...patience, kubernetes: kubernetesOptions(inputs) };
}

/** @throws UsageError when it is none, or no process of ours runs there */
export function workingFolder(kind: string, folder: string): string {
  if (kind !== "vllm") {
    const instead = kind === "docker" ? '; give --docker-args "--workdir DIR"' : "";
    throw new UsageError(`--working-dir goes with --engine vllm, not with --engine ${kind}${instead}`);
  }
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new UsageError(`--working-dir: ${folder} is no folder`);
  }
  return resolve(folder);
}
