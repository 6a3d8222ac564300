import { type Benchmark, type PerfCommand, readPerfCommand } from "../../arms/commits/perf-command.ts";
import { messageOf, UserError } from "../../errors.ts";
import { sideOf } from "../../formats/vllm/args.ts";
import type { CommitPair } from "../../images/specs/commit-mapping.ts";
import { present } from "../../result/present.ts";

/** ISO-Bench's own, where a commit's command does not say otherwise. */
export const STANDARD = {
  requests: 100,
  inputLen: 512,
  outputLen: 64,
  concurrency: 16,
  warmupRequests: 10,
  requestRate: Number.POSITIVE_INFINITY,
  endpoint: "chat",
  timeoutSeconds: 600,
  seed: 0,
} as const;

/** How the arms of a commit are measured, all of them alike. */
export interface Parameters {
  benchmark: Benchmark;
  model: string;
  /** The model that the author measured, where another one stands in for it. */
  originalModel?: string;
  /** Requests in all; for latency, batches. */
  requests: number;
  inputLen: number;
  outputLen: number;
  /** Requests in flight at most; sequences of a batch, for latency. */
  concurrency: number;
  warmupRequests: number;
  /** Requests a second; Infinity for all at once. */
  requestRate: number;
  endpoint: "chat" | "completions";
  timeoutSeconds: number;
  seed: number;
  engineArgs: readonly string[];
  /** NAME=VALUE for the engine. */
  variables: readonly string[];
  /** What the command asks for and is measured otherwise. */
  notes: readonly string[];
}

/** What the user says for all commits. */
export interface Given {
  model?: string | undefined;
  engineArgs: readonly string[];
  maxModelLen?: number | undefined;
  timeoutSeconds: number;
  seed: number;
}

/** Arguments of the scripts themselves, beside what {@link sideOf} knows. */
const OF_SCRIPT = new Set([
  ...["model", "batch_size", "num_iters", "dataset", "dataset_path", "async_engine", "output_json", "n"],
  ...["use_beam_search", "profile", "request_rate", "endpoint", "backend", "ignore_eos", "best_of"],
]);
/** Variables that change what the engine does; others are of the author's machine. */
const OF_ENGINE = /^VLLM_/;
/** What a chat template puts around a prompt. */
const TEMPLATE_TOKENS = 64;
const LEAST_INPUT = 16;

/** vLLM's own, where a latency command does not say. */
const LATENCY = { batch: 8, inputLen: 32, outputLen: 128, iterations: 30, warmup: 10 } as const;
const THROUGHPUT = { requests: 1000, inputLen: 512, outputLen: 128 } as const;

/** @throws UserError for a commit that cannot be measured, with why */
export function parametersOf(pair: CommitPair, given: Given): Parameters {
  const { perfCommand } = pair;
  const model = given.model ?? (pair.model === "unknown" ? undefined : pair.model);
  if (perfCommand === undefined)
    throw new UserError("the mapping has no perf_command, so nobody knows how it was measured");
  if (model === undefined) throw new UserError("the mapping has no model: give --model");
  const command = understood(perfCommand);
  const { benchmark } = command;
  if (benchmark === undefined) throw new UserError(`its command is none of vLLM's benchmarks: ${perfCommand}`);
  const originalModel = pair.originalModel ?? (model === pair.model ? undefined : pair.model);
  const base = { ...loadOf(benchmark, command), timeoutSeconds: given.timeoutSeconds };
  const engineArgs = [...engineArgsOf(command), ...given.engineArgs, ...lengthArgs(given)];
  const seed = numberOf(command, "seed") ?? given.seed;
  return fitted({
    ...{ ...base, benchmark, model, seed, engineArgs, ...present({ originalModel }) },
    variables: command.variables.filter(([name]) => OF_ENGINE.test(name)).map((one) => one.join("=")),
    notes: notesOf(benchmark, command),
  });
}

function understood(perfCommand: string): PerfCommand {
  try {
    return readPerfCommand(perfCommand);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`its perf_command ${messageOf(error)}: ${perfCommand}`, { cause: error });
  }
}

type Load = Pick<
  Parameters,
  "requests" | "inputLen" | "outputLen" | "concurrency" | "warmupRequests" | "requestRate" | "endpoint"
>;

function loadOf(benchmark: Benchmark, command: PerfCommand): Load {
  const number = (...names: string[]) => names.map((name) => numberOf(command, name)).find((one) => one !== undefined);
  const inputLen = number("random_input_len", "input_len");
  const outputLen = number("random_output_len", "output_len");
  if (benchmark === "latency") {
    return {
      ...{
        requests: number("num_iters") ?? LATENCY.iterations,
        warmupRequests: number("num_iters_warmup") ?? LATENCY.warmup,
      },
      ...{ inputLen: inputLen ?? LATENCY.inputLen, outputLen: outputLen ?? LATENCY.outputLen },
      ...{
        concurrency: number("batch_size") ?? LATENCY.batch,
        requestRate: Number.POSITIVE_INFINITY,
        endpoint: "completions",
      },
    };
  }
  if (benchmark === "throughput") {
    const requests = number("num_prompts") ?? THROUGHPUT.requests;
    return {
      ...{ requests, concurrency: requests, warmupRequests: STANDARD.warmupRequests, endpoint: "completions" },
      ...{ inputLen: inputLen ?? THROUGHPUT.inputLen, outputLen: outputLen ?? THROUGHPUT.outputLen },
      requestRate: Number.POSITIVE_INFINITY,
    };
  }
  return {
    ...{ requests: number("num_prompts") ?? STANDARD.requests, warmupRequests: STANDARD.warmupRequests },
    ...{ inputLen: inputLen ?? STANDARD.inputLen, outputLen: outputLen ?? STANDARD.outputLen },
    ...{ concurrency: number("max_concurrency") ?? STANDARD.concurrency, endpoint: STANDARD.endpoint },
    requestRate: number("request_rate") ?? STANDARD.requestRate,
  };
}

/** @returns undefined for a flag that is not there, or has no number above 0, as `--batch-size BS` */
function numberOf({ flags }: PerfCommand, name: string): number | undefined {
  const value = Number(flags.get(name));
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

function engineArgsOf({ flags }: PerfCommand): string[] {
  return [...flags].flatMap(([name, value]) => {
    if (OF_SCRIPT.has(name) || sideOf(name) !== "engine") return [];
    const flag = `--${name.replaceAll("_", "-")}`;
    return value === true ? [flag] : [flag, value];
  });
}

const lengthArgs = ({ maxModelLen }: Given) =>
  maxModelLen === undefined ? [] : ["--max-model-len", String(maxModelLen)];

function notesOf(benchmark: Benchmark, { flags, variables }: PerfCommand): string[] {
  const dataset = flags.get("dataset_name") ?? flags.get("dataset") ?? flags.get("dataset_path");
  const isRandom = dataset === undefined || dataset === "random";
  const foreign = variables.filter(([name]) => !OF_ENGINE.test(name)).map(([name]) => name);
  return [
    ...(isRandom ? [] : [`random prompts instead of ${String(dataset)}`]),
    ...(benchmark === "prefix_caching" ? ["served to clients; prompts share their first half"] : []),
    ...(foreign.length === 0 ? [] : [`without the variables ${foreign.join(", ")}`]),
  ];
}

/** Prompts that a smaller context has room for. @throws UserError where not even a short one fits */
function fitted(parameters: Parameters): Parameters {
  const { engineArgs, inputLen, outputLen, notes } = parameters;
  const at = engineArgs.lastIndexOf("--max-model-len");
  const longest = at === -1 ? Number.NaN : Number(engineArgs[at + 1]);
  if (!(inputLen + outputLen + TEMPLATE_TOKENS > longest)) return parameters;
  const room = longest - outputLen - TEMPLATE_TOKENS;
  if (room < LEAST_INPUT)
    throw new UserError(`a context of ${longest} tokens has no room for a prompt and ${outputLen} tokens of answer`);
  return {
    ...parameters,
    inputLen: Math.min(inputLen, room),
    notes: [...notes, `prompts of ${Math.min(inputLen, room)} tokens, to fit into ${longest}`],
  };
}
