import type { z } from "zod";
import { UserError } from "../../errors.ts";
import { parseClientLimits } from "../../result/gate/client-limits.ts";
import { parseTarget } from "../../result/measure/objective.ts";
import { parseBursts, parseDataset, parseRamp } from "../../workload/notation.ts";
import { followInput } from "../benchmark/follow.ts";
import { choice, cleanInput, commonInputs, flag, parsed, parsedList, text, words } from "../schema/fields.ts";
import { inGroup } from "../schema/groups.ts";
import {
  benchmarkTimeout,
  integer,
  integerList,
  minutes,
  pairList,
  parsePositive,
  percent,
  positiveNumber,
  rateList,
  repetitions,
  seconds,
  seed,
} from "../schema/number-fields.ts";
import { engineInputs } from "../start-engine/inputs.ts";

/** The seeds' five pairs, from mostly prompt to mostly answer. */
const PAIRS = [
  { inputLen: 300, outputLen: 100 },
  { inputLen: 500, outputLen: 200 },
  { inputLen: 800, outputLen: 300 },
  { inputLen: 1000, outputLen: 200 },
  { inputLen: 2000, outputLen: 400 },
];

const engine = inGroup("Engine", {
  baseUrl: text("A running engine's URL, without /v1 (default: the one start-engine recorded).", "URL").optional(),
  model: text("Model to name in requests (default: the engine's own).", "NAME").optional(),
  envScript: engineInputs.envScript,
});

const prompts = inGroup("Prompts (serve-benchmark)", {
  dataset: parsed(
    parseDataset,
    "What is asked: random token ids, conversations, prompts of your own, or a recorded trace with its own times.",
    "random|sharegpt:FILE|jsonl:FILE|trace:FILE",
  ).prefault("random"),
  pairs: pairList("Input and output tokens of a random request.").default(PAIRS),
  rangeRatio: parsed(
    parseRatio,
    "Draws both lengths evenly from this share around them: 0.2 for ± 20 %.",
    "RATIO",
  ).default(0),
  sharedPrefix: integer("First tokens of the input that all random requests of a cell have in common.", {
    min: 0,
  }).default(0),
  datasetOutputLen: integer("Output tokens for prompts of a jsonl file that do not say.").default(128),
  traceSpeed: positiveNumber("Replays a trace this many times as fast as it was recorded.").default(1),
});

const load = inGroup("Load (serve-benchmark)", {
  requestRate: rateList(
    "Requests a second, one cell each; inf for all at once (default: tokens-per-second ÷ tokens of a request, for each pair).",
  ).optional(),
  concurrency: integerList("Closed loop instead: requests that are open at all times, one cell each.").optional(),
  minutes: minutes("Minutes that a cell sends requests at its rate.").default(3),
  duration: seconds("Seconds that a closed loop goes on, instead of a number of requests.").optional(),
  numPrompts: integer(
    "Requests a cell (default: minutes × request rate; 10 × concurrency in a closed loop; a trace's own).",
  ).optional(),
  maxConcurrency: integer("Requests that may be open at once at a request rate; the others wait.").optional(),
  tokensPerSecond: positiveNumber("Input and output tokens a second that the default request rate offers.").default(
    5000,
  ),
  burstiness: parsed(
    parsePositive,
    "Shape of the gaps between requests: 1 is a Poisson process, less comes in clumps, more is evener, inf is constant.",
    "SHAPE|inf",
  ).default(1),
  ramp: parsed(parseRamp, "A rate that goes from one to another within the minutes, instead.", "FROM:TO").optional(),
  bursts: parsed(parseBursts, "So many requests at once every so many seconds, instead.", "SIZE@SECONDS").optional(),
});

const repetition = inGroup("Repetition", {
  repeats: repetitions("Measure each cell so often; its numbers are the medians.").default(1),
  warmupRequests: integer("Requests before each cell that are not counted (default: 10, or the concurrency if more).", {
    min: 0,
  }).optional(),
  seed: seed("Seed of prompts and send times; each cell makes its own of it.").default(0),
  untilCi: percent(
    "Repeat until the 95 % confidence interval of ci-metric is within this share of its mean, at least 3 times.",
  ).optional(),
  ciMetric: text("Metric that until-ci looks at.", "METRIC").default("e2el_ms"),
  maxRepeats: repetitions("Repeats at most with until-ci.", { min: 3 }).default(10),
});

const search = inGroup("SLOs and search", {
  slo: parsedList(
    parseTarget,
    "Limits, given once or more: “ttft_ms<500” of a single request, for the goodput; “ttft_ms.p99<500” of a cell, for find.",
    "LIMIT",
  ).optional(),
  find: choice(
    ["max-rate", "max-concurrency"],
    "Search the highest rate or concurrency that keeps the cell's SLOs, one cell a pair. It starts at the rate or concurrency given.",
  ).optional(),
  findTolerance: percent("How close the search comes to the level that misses.").prefault("5%"),
});

const client = inGroup("Client", {
  client: choice(["pitwall", "vllm"], "What sends the requests: our load generator or `vllm bench serve`.").default(
    "pitwall",
  ),
  clientArgs: words("More arguments for `vllm bench serve` (client vllm); they are part of the cell.").default([]),
  endpoint: choice(
    ["completions", "chat"],
    "Where requests go. Completions take token ids, whose number is exact; chat takes text.",
  ).default("completions"),
  continuousUsage: flag(
    "Ask the engine for its token count with every event: for engines that put several tokens into one.",
  ).default(false),
  clientThreads: integer(
    "Threads that send requests (default: 1, and more when one turns out to be the limit and cores are free).",
  ).optional(),
  clientLimits: parsed(
    parseClientLimits,
    "Beyond these the client, not the engine, sets the numbers, and the cell fails as client_limited; or off.",
    "NAME=NUMBER,…|off",
  ).optional(),
});

const limits = inGroup("Time limits", {
  startTimeout: engineInputs.startTimeout,
  requestTimeout: seconds("Seconds until a request counts as failed (client pitwall).").default(600),
  benchmarkTimeout,
});

const record = inGroup("Output", {
  saveRequests: flag(
    "Keep every request and every token's arrival beside the cell, as columns for a notebook.",
  ).default(false),
  resultFormat: choice(
    ["pitwall", "vllm"],
    "vllm: also write each cell in the shape of `vllm bench serve --save-result`.",
  ).default("pitwall"),
  telemetry: flag("Read the engine's /metrics and the GPU's tool while measuring.").default(true),
  sampleInterval: seconds("Seconds between two readings of them.").default(1),
});

export const servingInputs = {
  ...commonInputs,
  ...cleanInput,
  ...followInput,
  ...engine,
  ...prompts,
  ...load,
  ...repetition,
  ...search,
  ...client,
  ...limits,
  ...record,
};
export type ServingInputs = z.output<z.ZodObject<typeof servingInputs>>;

function parseRatio(value: string): number {
  const number = /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
  if (number >= 0 && number <= 1) return number;
  throw new UserError("must be a number from 0 to 1");
}
