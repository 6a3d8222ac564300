import { UserError } from "../../errors.ts";
import { shellWords } from "../../machine/shell-words.ts";

/** What a command of vLLM's benchmarks measures; prefix caching's script, latency and throughput need no server. */
const BENCHMARKS = ["serving", "latency", "throughput", "prefix_caching"] as const;
export type Benchmark = (typeof BENCHMARKS)[number];

/** The command by which a commit's author measured it. */
export interface PerfCommand {
  /** Undefined for a script that is none of vLLM's. */
  benchmark: Benchmark | undefined;
  /** NAME=VALUE before the command. */
  variables: readonly (readonly [string, string])[];
  /** By their names with underscores, true where one has no value. */
  flags: ReadonlyMap<string, string | true>;
}

const WORDS: readonly (readonly [RegExp, Benchmark])[] = [
  [/benchmark_prefix_caching/, "prefix_caching"],
  [/benchmark_serving|\bvllm bench serve\b/, "serving"],
  [/benchmark_latency|\bvllm bench latency\b/, "latency"],
  [/benchmark_throughput|\bvllm bench throughput\b/, "throughput"],
];
const VARIABLE = /^([A-Za-z_]\w{0,100})=(.*)$/s;
/** Short forms of vLLM's own arguments. */
const LONG: Readonly<Record<string, string>> = { tp: "tensor_parallel_size", pp: "pipeline_parallel_size" };

const benchmarkOf = (command: string): Benchmark | undefined => WORDS.find(([words]) => words.test(command))?.[1];

/** @throws UserError for quotes without their counterpart */
export function readPerfCommand(command: string): PerfCommand {
  const words = shellWords(command);
  const first = words.findIndex((word) => !VARIABLE.test(word));
  const before = words.slice(0, first === -1 ? words.length : first);
  return {
    benchmark: benchmarkOf(command),
    variables: before.map((word) => VARIABLE.exec(word)!.slice(1, 3) as [string, string]),
    flags: flagsOf(words.slice(before.length)),
  };
}

function flagsOf(words: readonly string[]): Map<string, string | true> {
  const flags = new Map<string, string | true>();
  for (const [index, word] of words.entries()) {
    if (!isFlag(word) || word.startsWith("[")) continue;
    const [name, ...value] = word.replace(/^--?/, "").split("=") as [string, ...string[]];
    const next = words[index + 1];
    const key = LONG[name] ?? name.replaceAll("-", "_");
    if (value.length > 0) flags.set(key, value.join("="));
    else flags.set(key, next === undefined || isFlag(next) ? true : next);
  }
  return flags;
}

/** Some commands have one in brackets, as manuals do: it ends the value before it, and is left out. */
const isFlag = (word: string) => /^\[?--?[A-Za-z]/.test(word);

/** The finite rate that a command asks for; undefined where it sends all at once. */
export function requestRateIn(command: string | undefined): number | undefined {
  try {
    const rate = Number(command === undefined ? Number.NaN : readPerfCommand(command).flags.get("request_rate"));
    return rate > 0 ? rate : undefined;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
