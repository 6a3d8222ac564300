import { basename } from "node:path";
import type { CellParams } from "../../result/document/cell.ts";
import { present } from "../../result/present.ts";
import {
  type Args,
  argumentName,
  camelCase,
  datasetOfArgument,
  inId,
  numberOf,
  parameterOf,
  positiveOf,
  textOf,
} from "./args.ts";

export interface Lengths {
  inputLen?: number;
  outputLen?: number;
}

/** What was asked: how the cell is called after it, and what its document records. */
export interface ServePrompts {
  /** Empty where nobody told. */
  name: string;
  params: CellParams;
  /** Whether every request had these very lengths. */
  exact: boolean;
}

/**
 * The prompts that arguments of `vllm bench serve` ask for. Only those of the named dataset count: a list of all arguments
 * holds the defaults of the others too. Where none is named, an argument of one names it.
 * @param told lengths of random prompts where no argument says them
 */
export function promptsOf(args: Args, told: Lengths): ServePrompts {
  const dataset = argumentName(textOf(args.dataset_name) ?? datasetAskedFor(args) ?? "random");
  if (dataset === "random") return randomPrompts(args, told);
  if (dataset === "sonnet") return sonnet(args);
  if (dataset === "prefix_repetition") return prefixRepetition(args);
  return foreignPrompts(args, dataset);
}

function datasetAskedFor(args: Args): string | undefined {
  const names = Object.keys(args).filter((name) => parameterOf(args[name]) !== undefined);
  return names.map(datasetOfArgument).find((dataset) => dataset !== undefined);
}

/** vLLM puts the common prefix before the input, ours is its beginning. */
function randomPrompts(args: Args, told: Lengths): ServePrompts {
  const sharedPrefix = positiveOf(args.random_prefix_len) ?? 0;
  const own = positiveOf(args.input_len) ?? positiveOf(args.random_input_len);
  const inputLen = own === undefined ? told.inputLen : own + sharedPrefix;
  const outputLen = positiveOf(args.output_len) ?? positiveOf(args.random_output_len) ?? told.outputLen;
  const range = rangeOf(args.random_range_ratio);
  const parts = [
    inputLen === undefined ? [] : [`in_${inputLen}`],
    outputLen === undefined ? [] : [`out_${outputLen}`],
    range === undefined ? [] : [`range_${inId(range)}`],
    sharedPrefix === 0 ? [] : [`prefix_${sharedPrefix}`],
  ];
  return {
    name: parts.flat().join("_"),
    params: {
      ...present({ inputLen, outputLen, rangeRatio: range }),
      ...(sharedPrefix === 0 ? {} : { sharedPrefix }),
    },
    exact: range === undefined,
  };
}

/**
 * 0 is exact, and so is 1: until spring 2025 the ratio was the lowest share of the length. Newer versions take one for the
 * input and one for the output too.
 */
function rangeOf(value: unknown): number | string | undefined {
  const ratio = numberOf(value);
  if (ratio !== undefined) return ratio > 0 && ratio !== 1 ? ratio : undefined;
  const other = parameterOf(value);
  return typeof other === "string" ? other : undefined;
}

/** Lines of a poem: lengths are aimed at, not met. Defaults are those of vLLM. */
function sonnet(args: Args): ServePrompts {
  const inputLen = positiveOf(args.sonnet_input_len) ?? 550;
  const outputLen = positiveOf(args.sonnet_output_len) ?? 150;
  const sharedPrefix = numberOf(args.sonnet_prefix_len) ?? 200;
  return {
    name: `sonnet_in_${inputLen}_out_${outputLen}_prefix_${sharedPrefix}`,
    params: { dataset: "sonnet", inputLen, outputLen, sharedPrefix },
    exact: false,
  };
}

/** Every prefix is shared by the requests of its group. Defaults are those of vLLM. */
function prefixRepetition(args: Args): ServePrompts {
  const prefixLen = positiveOf(args.prefix_repetition_prefix_len) ?? 256;
  const inputLen = prefixLen + (positiveOf(args.prefix_repetition_suffix_len) ?? 256);
  const prefixes = positiveOf(args.prefix_repetition_num_prefixes) ?? 10;
  const outputLen = positiveOf(args.output_len) ?? positiveOf(args.prefix_repetition_output_len) ?? 128;
  return {
    name: `prefix-repetition_in_${inputLen}_out_${outputLen}_prefix_${prefixLen}_of_${prefixes}`,
    params: { dataset: "prefix_repetition", inputLen, outputLen, sharedPrefix: prefixLen, prefixes },
    exact: false,
  };
}

/** A file or a set of the Hub, by its name: nobody but the client has seen what is in it. */
function foreignPrompts(args: Args, dataset: string): ServePrompts {
  const path = textOf(args.dataset_path);
  const datasetFile = path === undefined || dataset === "hf" ? path : basename(path);
  const lengthArgument = `${dataset}_output_len`;
  // -1: as the file says.
  const datasetOutputLen = positiveOf(args.output_len) ?? positiveOf(args[lengthArgument]);
  const own = Object.entries(args).flatMap(([name, value]) => {
    const parameter = name === lengthArgument || !name.startsWith(`${dataset}_`) ? undefined : parameterOf(value);
    return parameter === undefined ? [] : [[camelCase(name), parameter] as const];
  });
  const names = [
    ...[dataset, ...(datasetFile === undefined ? [] : [datasetFile])],
    ...(datasetOutputLen === undefined ? [] : ["out", String(datasetOutputLen)]),
    ...own.flatMap(([name, value]) => [name.slice(camelCase(dataset).length).toLowerCase(), String(value)]),
  ];
  return {
    name: names.map(inId).join("_"),
    params: {
      dataset,
      ...present({ datasetFile, datasetOutputLen }),
      ...Object.fromEntries(own),
    },
    exact: false,
  };
}
