import { type Run, RunCell } from "../../result/document/run.ts";
import { problemOf } from "../../result/gate/completeness.ts";
import { present } from "../../result/present.ts";
import type { ServeResult } from "../../result/vllm/file.ts";
import { parsePythonJson, refuseNotFinite } from "../../result/vllm/python-json.ts";
import { readVllmResult, resultTexts, type VllmResult } from "../../result/vllm/result.ts";
import type { StartupResult } from "../../result/vllm/startup-file.ts";
import { contextFrom, type Given, needed } from "../given.ts";
import { importedRun, okCell, type SourceFile } from "../imported-run.ts";
import { localMoment } from "../local-moment.ts";
import { numberInName } from "../name-number.ts";
import type { Args } from "./args.ts";
import { configurationOf, engineFacts } from "./engine.ts";
import type { Lengths } from "./prompts.ts";
import { askedIn } from "./result-args.ts";
import { refuseOtherResults, refuseSglang, type Task, taskOf } from "./task.ts";
import { workloadOf } from "./workload.ts";

/*
 * Result files of vLLM's own benchmarks. Those of serving say load and, after a sweep, what was swept; lengths and batch
 * sizes come from the caller, or from the file's own name where it has them as ours and many others do
 * (in_300_out_100.json, latency_bs8.json).
 */

/** @throws UserError naming the file when it is no result, or the option that says what it does not */
export function importVllm(file: SourceFile, given: Given): Run[] {
  refuseNotFinite(file.text, file.name);
  return resultTexts(file.text, file.name).map(({ text, name }) => importResult(text, name, file, given));
}

function importResult(text: string, name: string, file: SourceFile, given: Given): Run {
  const value: unknown = parsePythonJson(text, name);
  // What is no object holds no result; its reader says so.
  const keys = typeof value === "object" && value !== null ? (value as Args) : {};
  refuseSglang(keys, name);
  const asked = askedIn(keys, file.name);
  const result = readVllmResult(text, name);
  const task = result.kind === "serve" ? servingTask(result, keys, asked.bench, name) : undefined;
  const { timestamp, note } = localMoment(result.kind === "serve" ? result.date : undefined, given, name);
  const cells = cellsOf(result, { ...asked, task, given, name });
  const facts = {
    ...engineFacts(asked.engine),
    ...(task?.engine === "remote" ? { engine: { kind: task.engine } } : {}),
  };
  const own = { ...facts, model: facts.model ?? result.modelId };
  // A model that was swept is still told apart where the caller gives all of them one name.
  const model = given.model !== undefined && facts.model !== undefined ? `--model ${facts.model}` : undefined;
  const configuration = [model, configurationOf(asked.settings)].filter((part) => part !== undefined).join(" ");
  return importedRun({
    format: `vllm-${result.kind}`,
    file,
    timestamp,
    note: [note, ...remarks(result, asked.bench)].join(" "),
    facts: configuration === "" ? {} : { configuration },
    cells,
    context: contextFrom(given, own, name),
  });
}

function servingTask(result: ServeResult, keys: Args, bench: Args, name: string): Task {
  const task = taskOf(result.backend, bench, name);
  refuseOtherResults(keys, name);
  return task;
}

const isWithoutLimits = (result: VllmResult, { goodput }: Args): boolean =>
  result.kind === "serve" && result.measurement.metrics.request_goodput_req_s !== undefined && goodput === undefined;

const remarks = (result: VllmResult, bench: Args) =>
  isWithoutLimits(result, bench) ? ["Its goodput is left out: the file does not say under which limits."] : [];

interface Asked {
  bench: Args;
  swept: ReadonlySet<string>;
  task: Task | undefined;
  given: Given;
  name: string;
}

function cellsOf(result: VllmResult, asked: Asked): RunCell[] {
  const { given, name } = asked;
  switch (result.kind) {
    case "startup":
      return startCells(result, name);
    case "serve":
      return [serveCell(result, asked)];
    case "latency": {
      const { inputLen, outputLen } = lengthsOf(given, name);
      const batchSize = needed(numberInName("bs_?", name, given.batch, "--batch"), "--batch", name);
      const lengths = {
        inputLen: needed(inputLen, "--input-len", name),
        outputLen: needed(outputLen, "--output-len", name),
      };
      const id = `latency-sweep/in_${lengths.inputLen}_out_${lengths.outputLen}_bs_${batchSize}`;
      const metrics = { latency_s: result.latency_s };
      return [okCell({ id, benchmark: "latency-sweep", params: { batchSize, ...lengths }, metrics }, name)];
    }
    case "throughput": {
      const lengths = lengthsOf(given, name);
      const id = `throughput-benchmark/${lengthsName(lengths)}prompts_${result.numRequests}`;
      const cell = { id, benchmark: "throughput-benchmark" as const, metrics: result.metrics };
      return [okCell({ ...cell, params: { ...lengths, numPrompts: result.numRequests } }, name)];
    }
    default:
      return result satisfies never;
  }
}

/** An engine without a server, and without importing vLLM: no series of ours. */
function startCells({ starts }: StartupResult, name: string): RunCell[] {
  return starts.map(({ cache, iterations, metrics }) => {
    const id = `startup-benchmark/${cache}_offline`;
    const params = { cache, iterations, offline: true };
    return okCell({ id, benchmark: "startup-benchmark", params, metrics }, name);
  });
}

function lengthsOf(given: Given, name: string): Lengths {
  const inputLen = numberInName("in_", name, given.inputLen, "--input-len");
  const outputLen = numberInName("out_", name, given.outputLen, "--output-len");
  return present({ inputLen, outputLen });
}

const lengthsName = ({ inputLen, outputLen }: Lengths) =>
  `${inputLen === undefined ? "" : `in_${inputLen}_`}${outputLen === undefined ? "" : `out_${outputLen}_`}`;

function serveCell({ numPrompts, measurement }: ServeResult, { bench, swept, task, given, name }: Asked): RunCell {
  const { id, params, exactLengths, slos } = workloadOf(bench, task!, lengthsOf(given, name), name, swept);
  const cell = { id, benchmark: "serve-benchmark" as const, params };
  const { inputTokens, outputTokens } = measurement;
  // Lengths that nobody told, or that requests drew, cannot be missed.
  const untold = { inputLen: inputTokens / numPrompts, outputLen: outputTokens / numPrompts };
  // The engine's template adds tokens to what a chat asks.
  const answered = task!.endpoint === "completions" ? {} : { inputLen: untold.inputLen };
  const asked = exactLengths ? { ...untold, ...params, ...answered } : { ...untold, numPrompts };
  const problem = problemOf(measurement, asked);
  const { request_goodput_req_s: goodput, ...metrics } = measurement.metrics;
  if (problem === undefined) {
    const good = slos.length === 0 || goodput === undefined ? {} : { request_goodput_req_s: goodput };
    const limits = slos.length === 0 ? {} : { slos };
    return okCell({ ...cell, metrics: { ...metrics, ...good }, ...limits }, name);
  }
  const counts = present({ completed: metrics.completed, failed: metrics.failed });
  return RunCell.parse({ ...cell, status: "failed", reason: "incomplete_requests", detail: problem, ...counts });
}
