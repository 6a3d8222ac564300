import type { CellParams } from "../../result/document/cell.ts";
import { SLO_METRICS, type Slo } from "../../result/document/slo.ts";
import { type Args, camelCase, inId, parameterOf, positiveOf } from "./args.ts";
import { loadOf } from "./load.ts";
import { type Lengths, promptsOf } from "./prompts.ts";
import type { Task } from "./task.ts";

/** What a serving cell is called, and all that its source says of prompts and load. */
export interface Workload {
  id: string;
  params: CellParams;
  exactLengths: boolean;
  slos: Slo[];
}

/** Arguments beside prompts and load that change what the engine does; they stand in the id unless they are as ever. */
const BESIDE = [
  ...["temperature", "top_p", "top_k", "min_p", "frequency_penalty", "presence_penalty", "repetition_penalty", "n"],
  ...["best_of", "use_beam_search", "logprobs", "lora_modules", "lora_assignment", "extra_body", "seed", "ignore_eos"],
  ...["chat_template_kwargs", "skip_chat_template", "no_stream", "self_timed", "disable_shuffle", "no_oversample"],
  ...["probe_request_rate", "num_warmups", "num_prompts"],
];
/** Names of ours that differ from the argument's. */
const SHORT: { [name: string]: string } = { num_prompts: "prompts", num_warmups: "warmups", lora_modules: "lora" };
const OURS: { [name: string]: string } = { num_warmups: "warmupRequests", lora_modules: "lora" };

/**
 * @param swept names of arguments that differ within one experiment: each of them is in the id
 * @throws UserError naming the place and what is told by half
 */
export function workloadOf(
  args: Args,
  { endpoint }: Task,
  told: Lengths,
  place: string,
  swept: ReadonlySet<string> = new Set(),
): Workload {
  const prompts = promptsOf(args, told);
  const load = loadOf(args, place);
  const beside = BESIDE.flatMap((name) => {
    const value = besideOf(name, args);
    return value === undefined ? [] : [{ name, parameter: OURS[name] ?? camelCase(name), value }];
  });
  const named = beside.filter(({ name, value }) => swept.has(name) || !isOrdinary(name, value));
  const parts = [
    ...(prompts.name === "" ? [] : [prompts.name]),
    load.name,
    ...named.flatMap(({ name, value }) => [SHORT[name] ?? inId(name), inId(value)]),
    ...(endpoint === "completions" ? [] : [inId(endpoint)]),
  ];
  return {
    id: `serve-benchmark/${parts.join("_")}`,
    params: {
      ...prompts.params,
      ...load.params,
      ...Object.fromEntries(beside.map(({ parameter, value }) => [parameter, value])),
      ...(endpoint === "completions" ? {} : { endpoint }),
    },
    exactLengths: prompts.exact,
    slos: limitsOf(args.goodput),
  };
}

/** A flag that is off says nothing, nor does a choice between no adapters or a rate of no probes. */
function besideOf(name: string, args: Args): string | number | boolean | undefined {
  if (name === "lora_assignment" && parameterOf(args.lora_modules) === undefined) return undefined;
  const value = parameterOf(args[name]);
  if (name === "probe_request_rate" && value === 0) return undefined;
  return value === false ? undefined : value;
}

function isOrdinary(name: string, value: string | number | boolean): boolean {
  if (name === "temperature") return value === 0;
  if (name === "n" || name === "best_of") return value === 1;
  return ["seed", "ignore_eos", "num_warmups", "num_prompts"].includes(name);
}

/** `ttft:500 tpot:50`, as `--goodput` takes it. */
function limitsOf(goodput: unknown): Slo[] {
  const pairs = Array.isArray(goodput) ? goodput.map(String) : String(goodput ?? "").split(/[\s,]+/);
  return pairs.flatMap((pair) => {
    const [metric, limit] = pair.split(":");
    const known = SLO_METRICS.find((name) => name === `${metric}_ms`);
    const limitMs = positiveOf(limit);
    return known === undefined || limitMs === undefined ? [] : [{ metric: known, limitMs }];
  });
}
