import { resolve } from "node:path";
import type { z } from "zod";
import { UsageError, UserError } from "../../errors.ts";
import type { SweepCell, SweepPlan } from "../../latency/sweep.ts";
import { type SweepAxes, sweepCells } from "../../latency/sweep-cells.ts";
import type { CellPlan } from "../../result/document/cell-plan.ts";
import { rawFolder } from "../../working-folder/names.ts";
import { checkCellSize, checkGrid } from "../benchmark/cell-size.ts";
import { followInput } from "../benchmark/follow.ts";
import { choice, cleanInput, commonInputs, flag, parsedList, text, words } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import { benchmarkTimeout, integerList, repetitions, seconds, seed } from "../schema/number-fields.ts";
import { engineInputs } from "../start-engine/inputs.ts";
import { workingFolder } from "../start-engine/options.ts";
import type { OfflineEngine } from "./engine.ts";

function parseTemperature(value: string): number {
  if (/^\d+(\.\d+)?$/.test(value) && Number(value) <= 2) return Number(value);
  throw new UserError("must be a number from 0 to 2");
}

function parseTopP(value: string): number {
  if (/^\d+(\.\d+)?$/.test(value) && Number(value) > 0 && Number(value) <= 1) return Number(value);
  throw new UserError("must be a number above 0, up to 1");
}

export const latencyInputs = {
  ...commonInputs,
  ...cleanInput,
  ...followInput,
  ...inGroup("Engine", {
    model: text("Model to load (offline mode) or to name in requests.", "NAME").optional(),
    mode: choice(
      ["offline", "server"],
      "Measure the engine inside one Python process, or a running server (default: server when one is there).",
    ).optional(),
    baseUrl: text("A running engine's URL, without /v1 (default: the one start-engine recorded).", "URL").optional(),
    engineArgs: words("More engine arguments, as for `vllm serve` (offline mode).").default([]),
    workingDir: engineInputs.workingDir,
    envScript: engineInputs.envScript,
    onOom: engineInputs.onOom,
  }),
  ...inGroup("Batches (latency-sweep, throughput-benchmark)", {
    batchSizes: integerList("Batch sizes: a list, a range, or a range with a step (1-8:2).").default([
      1, 2, 3, 4, 5, 6, 7, 8,
    ]),
    inputLen: integerList("Input tokens a sequence; several give a grid.").default([512]),
    outputLen: integerList("Output tokens a sequence; several give a grid.").default([128]),
    n: integerList(
      "Sequences a prompt of sweep and throughput, or the width of the sweep's beam; several give a grid.",
    ).default([1]),
    temperature: parsedList(
      parseTemperature,
      "Temperature of sweep and throughput; several give a grid.",
      "NUMBER,…",
    ).default([1]),
    topP: parsedList(parseTopP, "Top-p of sweep and throughput; several give a grid.", "NUMBER,…").default([1]),
    useBeamSearch: flag("Search beams instead of sampling, as vLLM's own latency benchmark can.").default(false),
    detokenize: flag("Turn output tokens into text, as vLLM's own benchmarks do.").default(true),
    profile: flag("Profile one more batch of each cell with PyTorch's profiler (offline mode); not counted.").default(
      false,
    ),
  }),
  ...inGroup("Repetition", {
    iterations: repetitions("Measured iterations a batch size.").default(30),
    warmup: repetitions("Warm-up iterations a batch size, not counted.", { min: 0 }).default(10),
    seed: seed("Seed of the random prompts.").default(0),
  }),
  ...inGroup("Time limits", {
    startTimeout: engineInputs.startTimeout,
    requestTimeout: seconds(
      "Seconds until a request, or an iteration of the offline engine, counts as failed.",
    ).default(600),
    benchmarkTimeout,
  }),
};
type Inputs = z.output<z.ZodObject<typeof latencyInputs>>;

/**
 * The cells of a sweep, in the order in which they are measured.
 * @throws UsageError when the inputs do not fit together
 */
export function planSweep(inputs: Inputs, mode: "offline" | "server"): CellPlan[] {
  if (mode === "server" && inputs.profile) throw new UsageError("--profile needs the offline engine: --mode offline");
  const { iterations, warmup, seed } = inputs;
  // The driver turns it off, as vLLM's own latency benchmark does, unless it is asked for.
  const prefixCaching = inputs.engineArgs.includes("--enable-prefix-caching");
  const caching: CellPlan["params"] = mode === "offline" ? { prefixCaching } : {};
  // A profiler that was on for one cell may slow the next: such numbers are a series of their own.
  const profile: CellPlan["params"] = inputs.profile ? { profile: true } : {};
  return sweepCells(axesOf(inputs)).map((cell) => {
    checkBatch(cell);
    const { id, batchSize, inputLen, outputLen, sampling } = cell;
    const { beamSearch, ...sampled } = sampling;
    const beam: CellPlan["params"] = beamSearch ? { beamSearch } : {};
    const asked = { mode, batchSize, inputLen, outputLen, iterations, warmup, seed, ...sampled, ...beam };
    return { id, benchmark: "latency-sweep", params: { ...asked, ...caching, ...profile } };
  });
}

/** @throws UsageError for a batch that would fill the memory */
export function checkBatch({ id, batchSize, inputLen, outputLen, sampling }: SweepCell): void {
  checkCellSize({ id, requests: batchSize, tokens: inputLen + outputLen * sampling.n });
}

/** Every pair of lengths that the sweep asks the engine's context to hold. */
export function sweepLengths({ inputLen, outputLen }: Pick<Inputs, "inputLen" | "outputLen">) {
  checkGrid([inputLen, outputLen]);
  return inputLen.flatMap((input) => outputLen.map((output) => ({ inputLen: input, outputLen: output })));
}

/** A beam search of vLLM's latency benchmark is greedy, and always makes text. */
function axesOf(inputs: Inputs): SweepAxes {
  const { batchSizes, inputLen, outputLen, n, detokenize, useBeamSearch: beamSearch } = inputs;
  const [temperature, topP] = [[...new Set(inputs.temperature)], [...new Set(inputs.topP)]];
  checkGrid([batchSizes, inputLen, outputLen, n, temperature, topP]);
  const axes = { batchSizes, inputLen, outputLen, n, detokenize, beamSearch };
  if (!beamSearch && temperature.includes(0) && n.some((sequences) => sequences > 1)) {
    throw new UsageError("--temperature 0 gives the same sequence each time: leave out --n, or search beams");
  }
  if (!beamSearch) return { ...axes, temperature, topP };
  const isDefault = [...temperature, ...topP].every((value) => value === 1);
  if (!isDefault || !detokenize) {
    throw new UsageError(
      "--use-beam-search is greedy and makes text: leave out --temperature, --top-p, --no-detokenize",
    );
  }
  return { ...axes, temperature: [0], topP: [1] };
}

export function sweepPlan(inputs: Inputs): SweepPlan {
  const { warmup, iterations, seed, profile, output } = inputs;
  const profileDir = profile ? resolve(rawFolder(output), "profile") : null;
  return { cells: sweepCells(axesOf(inputs)), warmup, iterations, seed, profileDir };
}

type OfflineInputs = Pick<
  Inputs,
  | "model"
  | "engineArgs"
  | "startTimeout"
  | "requestTimeout"
  | "benchmarkTimeout"
  | "output"
  | "envScript"
  | "workingDir"
  | "onOom"
  | "inputLen"
  | "outputLen"
>;

/** As the inputs describe it. @throws UsageError when the working folder is none */
export function offlineEngine(inputs: OfflineInputs): OfflineEngine {
  const { model, engineArgs, startTimeout, requestTimeout, benchmarkTimeout, output, envScript, workingDir, onOom } =
    inputs;
  const neededContext = Math.max(...sweepLengths(inputs).map((lengths) => lengths.inputLen + lengths.outputLen));
  return {
    kind: "offline",
    name: "latency-sweep",
    ...{ model: model!, engineArgs, startTimeout, requestTimeout, benchmarkTimeout, output, envScript },
    ...(workingDir === undefined ? {} : { workingDir: workingFolder("vllm", workingDir) }),
    ...(onOom === "shrink" ? { onOom: { neededContext } } : {}),
  };
}
