import { z } from "zod";
import { UsageError } from "../errors.ts";
import type { Load } from "../load/load-plan.ts";
import { seedFor } from "../load/random.ts";
import type { ServingCell } from "../load/serving-client.ts";
import type { CellParams } from "../result/cell.ts";
import type { CellPlan } from "./cell-plan.ts";
import { choice, commonInputs, integer, integerList, pairList, positiveNumber, text } from "./fields.ts";

const rate = z
  .union([z.number(), z.string().trim()])
  .transform((value, context) => {
    if (value === "inf") return Number.POSITIVE_INFINITY;
    const number = typeof value === "string" && !/^\d+(\.\d+)?$/.test(value) ? Number.NaN : Number(value);
    if (number > 0) return number;
    context.addIssue({ code: "custom", message: "must be a number above 0, or inf" });
    return z.NEVER;
  })
  .meta({
    description:
      "Requests a second, or inf for all at once (default: tokens-per-second ÷ tokens of a request, for each pair).",
    placeholder: "RATE|inf",
  });

/** The seeds' five pairs, from mostly prompt to mostly answer. */
const PAIRS = [
  { inputLen: 300, outputLen: 100 },
  { inputLen: 500, outputLen: 200 },
  { inputLen: 800, outputLen: 300 },
  { inputLen: 1000, outputLen: 200 },
  { inputLen: 2000, outputLen: 400 },
];

export const servingInputs = {
  ...commonInputs,
  baseUrl: text("A running engine's URL, without /v1 (default: the one start-engine recorded).", "URL").optional(),
  model: text("Model to name in requests (default: the engine's own).", "NAME").optional(),
  pairs: pairList("Input and output tokens of a request.").default(PAIRS),
  requestRate: rate.optional(),
  tokensPerSecond: positiveNumber("Input and output tokens a second that the default request rate offers.").default(
    5000,
  ),
  concurrency: integerList("Closed loop instead: requests that are open at all times, one cell each.").optional(),
  maxConcurrency: integer("Requests that may be open at once at a request rate; the others wait.").optional(),
  numPrompts: integer(
    "Requests a cell (default: minutes × request rate; 10 × concurrency in a closed loop).",
  ).optional(),
  minutes: positiveNumber("Minutes that a cell sends requests at its rate.", "MINUTES").default(3),
  warmupRequests: integer("Requests before each cell that are not counted.", { min: 0 }).default(10),
  seed: integer("Seed of prompts and send times; each cell makes its own of it.", { min: 0 }).default(0),
  client: choice(["pitwall", "vllm"], "What sends the requests: our load generator or `vllm bench serve`.").default(
    "pitwall",
  ),
  requestTimeout: positiveNumber("Seconds until a request counts as failed (client pitwall).", "SECONDS").default(600),
};
type Inputs = z.output<z.ZodObject<typeof servingInputs>>;
type Pair = Inputs["pairs"][number];

/**
 * The cells of a serving benchmark: one for each pair and rate, or each pair and concurrency.
 * @throws UsageError when the inputs do not fit together
 */
export function servingCells(inputs: Inputs): ServingCell[] {
  refuseContradictions(inputs);
  const { pairs, concurrency, maxConcurrency } = inputs;
  const cells = pairs.flatMap((pair) => {
    if (concurrency === undefined) {
      return cellOf(inputs, pair, { kind: "open-loop", requestRate: rateOf(inputs, pair), maxConcurrency });
    }
    return concurrency.map((level) => cellOf(inputs, pair, { kind: "closed-loop", concurrency: level }));
  });
  const ids = cells.map(({ plan }) => plan.id);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new UsageError(`--pairs names a pair twice: both would be the cell ${twice}`);
  return cells;
}

/** What the cells will be called and record, for those who have to say that they were not measured. */
export function planServing(inputs: Inputs): CellPlan[] {
  return servingCells(inputs).map(({ plan }) => plan);
}

function refuseContradictions({ concurrency, requestRate, maxConcurrency, numPrompts }: Inputs): void {
  if (concurrency !== undefined && requestRate !== undefined) {
    throw new UsageError("give --request-rate or --concurrency, not both; a rate with a limit is --max-concurrency");
  }
  if (concurrency !== undefined && maxConcurrency !== undefined) {
    throw new UsageError("--max-concurrency goes with a request rate; --concurrency is a limit already");
  }
  if (requestRate === Number.POSITIVE_INFINITY && numPrompts === undefined) {
    throw new UsageError("--request-rate inf has no duration; say how many requests with --num-prompts");
  }
}

/** A rate that offers the same tokens a second whatever the lengths. */
function rateOf({ requestRate, tokensPerSecond }: Inputs, { inputLen, outputLen }: Pair): number {
  if (requestRate !== undefined) return requestRate;
  const rounded = Math.round((tokensPerSecond / (inputLen + outputLen)) * 100) / 100;
  if (rounded > 0) return rounded;
  const pair = `${inputLen}:${outputLen}`;
  throw new UsageError(
    `--tokens-per-second ${tokensPerSecond} is too little for the pair ${pair}; raise it or give --request-rate`,
  );
}

function cellOf(inputs: Inputs, { inputLen, outputLen }: Pair, load: Load): ServingCell {
  const { warmupRequests, requestTimeout } = inputs;
  const id = `serve-benchmark/in_${inputLen}_out_${outputLen}_${nameOf(load)}`;
  const numPrompts = inputs.numPrompts ?? defaultPrompts(inputs, load);
  // Cells must not share prompts: a prefix cache would serve the later ones.
  const seed = seedFor(`${inputs.seed}:${id}`);
  const common = { inputLen, outputLen, numPrompts, warmupRequests, seed };
  return {
    plan: { id, benchmark: "serve-benchmark", params: { ...common, temperature: 0, ...loadParams(load) } },
    load: { ...common, load, requestTimeoutSeconds: requestTimeout },
  };
}

function defaultPrompts({ minutes }: Inputs, load: Load): number {
  if (load.kind === "closed-loop") return 10 * load.concurrency;
  return Math.max(1, Math.round(60 * minutes * load.requestRate));
}

const rateText = (requestRate: number) => (Number.isFinite(requestRate) ? requestRate : "inf");

function nameOf(load: Load): string {
  if (load.kind === "closed-loop") return `concurrency_${load.concurrency}`;
  const limit = load.maxConcurrency === undefined ? "" : `_max_${load.maxConcurrency}`;
  return `rate_${rateText(load.requestRate)}${limit}`;
}

function loadParams(load: Load): CellParams {
  if (load.kind === "closed-loop") return { concurrency: load.concurrency };
  const params: CellParams = { requestRate: rateText(load.requestRate), burstiness: 1 };
  return load.maxConcurrency === undefined ? params : { ...params, maxConcurrency: load.maxConcurrency };
}
