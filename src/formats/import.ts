import { UserError } from "../errors.ts";
import type { Run } from "../result/document/run.ts";
import { parsePythonJson } from "../result/vllm/python-json.ts";
import { importAcsBench } from "./acs-bench/import.ts";
import { importDataJs } from "./data-js/data-js.ts";
import { contextFrom, type Given, needed } from "./given.ts";
import type { SourceFile } from "./imported-run.ts";
import { importInferenceX } from "./inferencex/import.ts";
import { loadTableKind } from "./load-table.ts";
import { importPytorch } from "./pytorch/import.ts";
import { importConcurrency, importLatencies, importServing } from "./seed/import.ts";
import { importVllm } from "./vllm/import.ts";
import { importPerf } from "./vllm-cibench/import.ts";

const READERS = {
  latencies: (file, given) => importLatencies(file, contextFrom(given, {}, file.name), lengthsOf(given, file)),
  serving: (file, given) => {
    const offered = needed(given.offeredTokensPerSecond, "--offered-tokens-per-second", file.name);
    return importServing(file, contextFrom(given, {}, file.name), offered);
  },
  concurrency: (file, given) => importConcurrency(file, contextFrom(given, {}, file.name), lengthsOf(given, file)),
  vllm: importVllm,
  "github-action-benchmark": importDataJs,
  inferencex: importInferenceX,
  pytorch: importPytorch,
  "perf.csv": importPerf,
  "acs-bench": importAcsBench,
} satisfies { [format: string]: (file: SourceFile, given: Given) => Run[] };

export type ImportFormat = keyof typeof READERS;
export const IMPORT_FORMATS = Object.keys(READERS) as [ImportFormat, ...ImportFormat[]];

function lengthsOf({ inputLen, outputLen }: Given, { name }: SourceFile) {
  return { inputLen: needed(inputLen, "--input-len", name), outputLen: needed(outputLen, "--output-len", name) };
}

/** @throws UserError naming the file and what is wrong with it, or the option that says what it does not */
export function importFile(file: SourceFile, format: ImportFormat, given: Given): Run[] {
  return READERS[format](file, given);
}

/**
 * The format of a file, by the keys in it and never by its name.
 * @throws UserError when it is none that can be imported
 */
export function detectFormat({ text, name }: SourceFile): ImportFormat {
  if (/^\s*window\.BENCHMARK_DATA\s*=/.test(text)) return "github-action-benchmark";
  const table = loadTableKind(text);
  if (table !== undefined) return table;
  const value = parsePythonJson(firstOfLines(text) ?? text, name);
  const first = Array.isArray(value) ? value[0] : value;
  if (has(first, "benchmark", "metric")) return "pytorch";
  if (has(first, "timestamp", "results")) return "latencies";
  if (has(first, "timestamp", "max_concurrency")) return "concurrency";
  if (has(first, "hw", "conc", "tput_per_gpu")) return "inferencex";
  if (has(value, "entries")) return "github-action-benchmark";
  if (has(value, "avg_latency") || has(value, "elapsed_time") || has(value, "completed", "duration")) return "vllm";
  if (has(value, "cold_startup_times") || has(value, "warm_startup_times")) return "vllm";
  if (has(Object.values(Object(value))[0], "history")) return "serving";
  throw new UserError(
    `${name} is in no format that can be imported; if it should be, say which: ${IMPORT_FORMATS.join(", ")}`,
  );
}

/** The first of JSON objects that have a line each. */
function firstOfLines(text: string): string | undefined {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.every((line) => /^\{.*\}\s*$/.test(line)) ? lines[0] : undefined;
}

function has(value: unknown, ...keys: string[]): boolean {
  return typeof value === "object" && value !== null && keys.every((key) => Object.hasOwn(value, key));
}
