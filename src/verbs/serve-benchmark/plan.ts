import { UsageError } from "../../errors.ts";
import { cellLimit } from "../../load/cell-limit.ts";
import type { ServingCell } from "../../load/strategy/serving-cell.ts";
import type { CellParams } from "../../result/document/cell.ts";
import type { CellPlan } from "../../result/document/cell-plan.ts";
import { present } from "../../result/present.ts";
import { seedFor } from "../../workload/random.ts";
import { checkCellSize, requestsOf } from "../benchmark/cell-size.ts";
import { refuseClientArguments } from "./client-arguments.ts";
import type { ServingInputs } from "./inputs.ts";
import { type LoadChoice, loadChoices } from "./loads.ts";
import { type PromptChoice, promptChoices } from "./prompts.ts";
import { objectivesOf, slosOf, strategyOf, warmupFor, withStartOfSearch } from "./strategy.ts";

/**
 * The cells of a serving benchmark: one for each kind of prompt and each load. Reads the dataset's file.
 * @throws UsageError when the inputs do not fit together; UserError when a file cannot be read
 */
export async function servingCells(given: ServingInputs): Promise<ServingCell[]> {
  refuseForVllm(given);
  const inputs = withStartOfSearch(given);
  const prompts = await promptChoices(inputs);
  const cells = prompts.flatMap((prompt) => loadChoices(inputs, prompt).map((load) => cellOf(inputs, prompt, load)));
  const ids = cells.map(({ plan }) => plan.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new UsageError(`--pairs names a pair twice: both would be the cell ${twice}`);
  return cells;
}

/** What the cells will be called and record, for those who have to say that they were not measured. */
export async function planServing(inputs: ServingInputs): Promise<CellPlan[]> {
  return (await servingCells(inputs)).map(({ plan }) => plan);
}

/** What only our own load generator can do, as a user would name it. */
function refuseForVllm(inputs: ServingInputs): void {
  if (inputs.client === "pitwall") {
    if (inputs.clientArgs.length === 0) return;
    throw new UsageError("--client-args goes with --client vllm; our own client has a flag for whatever it can do");
  }
  refuseClientArguments(inputs.clientArgs);
  const { dataset, rangeRatio, sharedPrefix, endpoint, ramp, bursts, duration, find, saveRequests } = inputs;
  const asked = {
    dataset: dataset.kind !== "random",
    "range-ratio": rangeRatio > 0,
    "shared-prefix": sharedPrefix > 0,
    endpoint: endpoint !== "completions",
    ramp: ramp !== undefined,
    bursts: bursts !== undefined,
    duration: duration !== undefined,
    find: find !== undefined,
    "save-requests": saveRequests,
  };
  const ours = Object.entries(asked).flatMap(([name, isAsked]) => (isAsked ? [`--${name}`] : []));
  if (ours.length > 0)
    throw new UsageError(`--client vllm cannot do ${ours.join(", ")}; leave it out, or take --client pitwall`);
}

function cellOf(inputs: ServingInputs, prompt: PromptChoice, load: LoadChoice): ServingCell {
  const { requestTimeout, continuousUsage, endpoint, clientArgs } = inputs;
  const strategy = strategyOf(inputs, load.load);
  const name = strategy.kind === "find" ? strategy.find : load.name;
  const id = `serve-benchmark/${prompt.name}_${name}${endpoint === "chat" ? "_chat" : ""}`;
  const warmupRequests = warmupFor(inputs, load);
  // Cells must not share prompts: a prefix cache would serve the later ones.
  const seed = seedFor(`${inputs.seed}:${id}`);
  checkCellSize({ id, requests: requestsOf(load) + warmupRequests, tokens: prompt.tokens });
  const common = { seed, temperature: 0 };
  // A search warms each level as that level needs it: where it starts must not tell two histories apart.
  const recordsWarmup = strategy.kind !== "find" || inputs.warmupRequests !== undefined;
  const cell = {
    plan: {
      id,
      benchmark: "serve-benchmark" as const,
      params: {
        ...prompt.params,
        ...(strategy.kind === "find" ? searchParams(inputs, strategy.find) : { ...load.params, ...load.sizeParams }),
        ...common,
        ...(recordsWarmup ? { warmupRequests } : {}),
        ...(endpoint === "chat" ? { endpoint } : {}),
        ...(continuousUsage ? { continuousUsage } : {}),
        ...(clientArgs.length > 0 ? { clientArgs: clientArgs.join(" ") } : {}),
      },
    },
    load: {
      ...common,
      warmupRequests,
      load: load.load,
      bound: load.bound,
      prompts: prompt.prompts,
      endpoint,
      continuousUsage,
      requestTimeoutSeconds: requestTimeout,
    },
    strategy,
    slos: slosOf(inputs),
  };
  return { ...cell, limitSeconds: cellLimit(cell, inputs.benchmarkTimeout) };
}

/** What decides the result of a search: not the level it starts from. */
function searchParams(inputs: ServingInputs, find: string): CellParams {
  const { duration, minutes, burstiness, maxConcurrency, findTolerance } = inputs;
  const slo = objectivesOf(inputs)
    .map(({ text }) => text)
    .join(" ");
  return {
    find,
    slo,
    findTolerance,
    ...present({ durationS: duration }),
    ...(find === "max-rate" ? { minutes, burstiness: Number.isFinite(burstiness) ? burstiness : "inf" } : {}),
    ...present({ maxConcurrency }),
  };
}
