import { parseRun } from "../../src/database/document/document.ts";
import { judgeGitFailure } from "../../src/database/git-home/plumbing/git-failure.ts";
import { parsePackIndex } from "../../src/database/pack/packed-index.ts";
import { UserError } from "../../src/errors.ts";
import { readJunit } from "../../src/evaluate/junit/report.ts";
import { logLine } from "../../src/foreign-text/log-line.ts";
import { detectFormat, importFile } from "../../src/formats/import.ts";
import { readLoads } from "../../src/formats/load-table.ts";
import { missingIn, sweepFile } from "../../src/formats/vllm/sweep.ts";
import { parseComputeApps } from "../../src/machine/gpu/compute-apps.ts";
import { startPhasesOf } from "../../src/result/metrics/start-phases.ts";
import { amdReadings } from "../../src/telemetry/gpu/amd/amd-smi.ts";
import { rocmReadings } from "../../src/telemetry/gpu/amd/rocm-smi.ts";
import { xpuTable } from "../../src/telemetry/gpu/intel/xpu-smi.ts";
import { nvidiaLine } from "../../src/telemetry/gpu/nvidia/nvidia-smi.ts";
import { checkDocument } from "../../src/verbs/validate/document.ts";
import { promptsIn } from "../../src/workload/datasets/prompt-lines.ts";
import { traceIn } from "../../src/workload/datasets/trace.ts";
import {
  file,
  lineByLine,
  readConversations,
  readHttp,
  readLog,
  readMetrics,
  readStream,
  readToolLines,
  text,
} from "./reader-calls.ts";
import {
  around,
  CSV,
  GIT,
  HEAD,
  JSONS,
  JUNIT,
  LOG,
  METRICS,
  NVIDIA,
  RUNS,
  repeated,
  STREAM,
  SWEEP,
  TEXTS,
  TRACE,
} from "./reader-shapes.ts";

/** A reader of text from outside, and texts that are hard for one. */
export interface Reader {
  name: string;
  read(bytes: Buffer): unknown;
  /** Bytes of the longest line, or of the longest text where that is what has a limit. */
  longest: number;
  /** What it may throw; absent: nothing. */
  throws?: new (
    ...args: never[]
  ) => Error;
  /** Texts of about so many characters, the first in one line. */
  shapes: Record<string, (length: number) => string>;
}

const KIBIBYTE = 1024;

/** Every reader of text that others write, apart from those of files that hold no more than a line at once. */
export const READERS: Reader[] = [
  { name: "the log of a start", longest: 4096 * KIBIBYTE, read: text(readLog), shapes: LOG },
  { name: "phases of a start", longest: 4096 * KIBIBYTE, read: text(startPhasesOf), shapes: LOG },
  {
    name: "a log that is followed",
    longest: 1024 * KIBIBYTE,
    read: lineByLine((line) => logLine(line, "log")),
    shapes: LOG,
  },
  { name: "a page of metrics", longest: 16_384 * KIBIBYTE, read: readMetrics, shapes: METRICS },
  {
    name: "an answer's head",
    longest: 64 * KIBIBYTE - 100,
    read: (bytes) => readHttp(bytes, 16_384),
    throws: Error,
    shapes: HEAD,
  },
  {
    name: "an answer's head, byte by byte",
    longest: 64 * KIBIBYTE - 100,
    read: (bytes) => readHttp(bytes, 1),
    throws: Error,
    shapes: HEAD,
  },
  { name: "a stream", longest: 1024 * KIBIBYTE - 100, read: (bytes) => readStream(bytes, 65_536), shapes: STREAM },
  {
    name: "a stream in small pieces",
    longest: 1024 * KIBIBYTE - 100,
    read: (bytes) => readStream(bytes, 100),
    shapes: STREAM,
  },
  {
    name: "lines of a GPU's tool",
    longest: 64 * KIBIBYTE,
    read: readToolLines,
    shapes: { ...CSV, returns: repeated("\r"), "one line": repeated("x") },
  },
  { name: "nvidia-smi", longest: 64 * KIBIBYTE, read: lineByLine((line) => nvidiaLine(NVIDIA, line)), shapes: CSV },
  { name: "nvidia-smi's processes", longest: 64 * KIBIBYTE, read: text(parseComputeApps), shapes: CSV },
  { name: "xpu-smi", longest: 64 * KIBIBYTE, read: lineByLine(xpuTable()), shapes: CSV },
  { name: "amd-smi", longest: 1024 * KIBIBYTE, read: text(amdReadings), shapes: JSONS },
  { name: "rocm-smi", longest: 1024 * KIBIBYTE, read: text(rocmReadings), shapes: JSONS },
  {
    name: "the format of a file",
    longest: 1024 * KIBIBYTE,
    read: file(detectFormat),
    throws: UserError,
    shapes: JSONS,
  },
  {
    name: "a table of loads",
    longest: 1024 * KIBIBYTE,
    read: file(readLoads),
    throws: UserError,
    shapes: { ...CSV, "one cell": repeated("x"), quotes: repeated('"'), commas: repeated(",") },
  },
  {
    name: "a result of vLLM",
    longest: 1024 * KIBIBYTE,
    read: file((one) => importFile(one, "vllm", {})),
    throws: UserError,
    shapes: JSONS,
  },
  {
    name: "PyTorch's records",
    longest: 1024 * KIBIBYTE,
    read: file((one) => importFile(one, "pytorch", {})),
    throws: UserError,
    shapes: JSONS,
  },
  {
    name: "a data.js",
    longest: 1024 * KIBIBYTE,
    read: file((one) => importFile(one, "github-action-benchmark", {})),
    throws: UserError,
    shapes: { ...JSONS, "spaces before it": around("", " ", "window.BENCHMARK_DATA = {}") },
  },
  {
    name: "names in a sweep's folder",
    longest: 1024 * KIBIBYTE,
    read: text((all) => missingIn(all.split("\n").map(sweepFile))),
    shapes: SWEEP,
  },
  {
    name: "a recorded trace",
    longest: 1024 * KIBIBYTE,
    read: file((one) => traceIn(one, 1)),
    throws: UserError,
    shapes: TRACE,
  },
  {
    name: "prompts of one's own",
    longest: 1024 * KIBIBYTE,
    read: file((one) => promptsIn(one, 1)),
    throws: UserError,
    shapes: TEXTS,
  },
  { name: "conversations", longest: 1024 * KIBIBYTE, read: readConversations, throws: UserError, shapes: TEXTS },
  {
    name: "a document of the data branch",
    longest: 1024 * KIBIBYTE,
    read: text((all) => parseRun(all, "x.json")),
    throws: UserError,
    shapes: RUNS,
  },
  { name: "a document that is validated", longest: 1024 * KIBIBYTE, read: text(checkDocument), shapes: RUNS },
  {
    name: "the index of a pack",
    longest: 1024 * KIBIBYTE,
    read: text((all) => parsePackIndex(all, "x.ids")),
    throws: UserError,
    shapes: { "one line": repeated("x "), lines: repeated(`20261122T064501Z-7f3a9c2e ${"0".repeat(40)}\n`), ...CSV },
  },
  { name: "a JUnit report", longest: 1024 * KIBIBYTE, read: text(readJunit), throws: UserError, shapes: JUNIT },
  {
    name: "what git said",
    longest: 64 * KIBIBYTE,
    read: text((all) => judgeGitFailure(all, "x")),
    shapes: GIT,
  },
];
