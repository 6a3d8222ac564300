import type { FileFacts } from "../given.ts";
import { type Args, argumentName, parameterOf, positiveOf, textOf } from "./args.ts";

/** Arguments that say how many GPUs one engine takes; experts share those of the other ways. */
const WAYS = [
  "tensor_parallel_size",
  "pipeline_parallel_size",
  "data_parallel_size",
  "prefill_context_parallel_size",
] as const;
/** What a run document tells in fields of their own. */
const TOLD_ELSEWHERE = new Set(["tensor_parallel_size", "quantization", "model"]);
const MORE_THAN_TENSOR_PARALLEL = [...WAYS.slice(1), "enable_expert_parallel"];

/** What arguments of the engine say about model and machine. */
export function engineFacts(args: Args): FileFacts {
  const sizes = WAYS.map((name) => positiveOf(args[name]) ?? 1);
  const told = WAYS.some((name) => positiveOf(args[name]) !== undefined);
  return {
    model: textOf(args.model),
    quantization: textOf(args.quantization),
    dtype: textOf(args.dtype),
    tensorParallel: positiveOf(args.tensor_parallel_size),
    gpuCount: told ? sizes.reduce((product, size) => product * size, 1) : undefined,
  };
}

/** Label of a series whose engine had these arguments: all but what the document tells elsewhere, by name. */
export function configurationOf(args: Args): string | undefined {
  const flags = Object.entries(args)
    .map(([key, value]) => ({ name: argumentName(key), value: parameterOf(value) }))
    .filter(({ name, value }) => !TOLD_ELSEWHERE.has(name) && value !== undefined)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, value }) => flagOf(name.replaceAll("_", "-"), value!));
  return flags.length === 0 ? undefined : flags.join(" ");
}

/** vLLM's sweep makes `--no-x` of false. */
function flagOf(name: string, value: string | number | boolean): string {
  if (value === true) return `--${name}`;
  return value === false ? `--no-${name}` : `--${name} ${value}`;
}

/** The same of a list of all arguments: only how the model is spread beyond tensor parallelism. */
export function spreadOf(args: Args): string | undefined {
  const used = MORE_THAN_TENSOR_PARALLEL.filter((name) => args[name] === true || (positiveOf(args[name]) ?? 1) > 1);
  return configurationOf(Object.fromEntries(used.map((name) => [name, args[name]])));
}
