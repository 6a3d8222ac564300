import type { Cell, CellParams, Measurement, RequestSamples } from "./cell.ts";
import { type MetricOptions, metricsOf } from "./measure.ts";
import type { RunCell } from "./run.ts";

type Measured = Extract<Cell, { status: "measured" }>;
type Identity = Pick<RunCell, "id" | "benchmark" | "params">;
type Counts = { completed?: number; failed?: number };

/**
 * The cell as the run document keeps it. `ok` needs positive evidence: something was measured, nothing failed, and every
 * count is what was asked for; a tool's exit code proves nothing (vLLM's is 0 when every request failed).
 */
export function gateCell(cell: Cell, options: MetricOptions = {}): RunCell {
  const identity = { id: cell.id, benchmark: cell.benchmark, params: cell.params };
  switch (cell.status) {
    case "skipped":
      return { ...identity, status: "skipped", reason: cell.reason, detail: cell.detail };
    case "failed": {
      const logTail = cell.logTail === undefined ? {} : { logTail: cell.logTail };
      const counts = cell.measurement === undefined ? {} : countsOf(cell.measurement);
      return { ...identity, status: "failed", reason: cell.reason, detail: cell.detail, ...logTail, ...counts };
    }
    case "measured":
      return judge(cell, identity, options);
    default:
      return cell satisfies never;
  }
}

function judge(cell: Measured, identity: Identity, options: MetricOptions): RunCell {
  const detail = problemOf(cell.measurement, cell.params);
  if (detail !== undefined) {
    const counts = countsOf(cell.measurement);
    return { ...identity, status: "failed", reason: "incomplete_requests", detail, ...counts };
  }
  const health = cell.health === undefined ? {} : { health: cell.health };
  return { ...identity, status: "ok", metrics: metricsOf(cell.measurement, options), ...health };
}

function countsOf(measurement: Measurement): Counts {
  if (measurement.kind === "iterations") return {};
  const { completed, failed } = metricsOf(measurement);
  return { ...(completed === undefined ? {} : { completed }), ...(failed === undefined ? {} : { failed }) };
}

function problemOf(measurement: Measurement, params: CellParams): string | undefined {
  switch (measurement.kind) {
    case "iterations":
      return iterationsProblem(measurement, params);
    case "requests":
      return requestsProblem(measurement.requests, params);
    case "reported":
      return reportedProblem(measurement, params);
    default:
      return measurement satisfies never;
  }
}

type Iterations = Extract<Measurement, { kind: "iterations" }>;

function iterationsProblem(
  { latenciesS, inputTokens, outputTokens }: Iterations,
  params: CellParams,
): string | undefined {
  const { iterations, batchSize } = params;
  if (latenciesS.length === 0) return "no iteration was measured";
  if (latenciesS.length !== iterations) return `${latenciesS.length} of ${iterations} iterations were measured`;
  if (outputTokens.length !== batchSize) return `${outputTokens.length} of ${batchSize} sequences came back`;
  return (
    lengthsProblem("sequences", "output", outputTokens, params.outputLen) ??
    lengthsProblem("sequences", "input", inputTokens, params.inputLen)
  );
}

function requestsProblem(samples: RequestSamples, params: CellParams): string | undefined {
  const { errors } = samples;
  if (errors.length === 0) return "no request was made";
  const problems = errors.filter((error) => error !== null);
  if (problems.length > 0) {
    const classes = tally(problems.map((error) => error.split(":")[0]!));
    return `${problems.length} of ${errors.length} requests failed: ${classes}. First: ${problems[0]}`;
  }
  if (errors.length !== params.numPrompts) return `${errors.length} of ${params.numPrompts} requests were made`;
  return (
    lengthsProblem("requests", "output", samples.outputTokens, params.outputLen) ??
    lengthsProblem("requests", "input", samples.inputTokens, params.inputLen)
  );
}

function lengthsProblem(what: string, side: string, lengths: readonly number[], asked: unknown): string | undefined {
  const others = lengths.filter((length) => length !== asked);
  if (others.length === 0) return undefined;
  return `${others.length} of ${lengths.length} ${what} had another ${side} length than the ${asked} tokens asked for: ${tally(others)}`;
}

/**
 * vLLM's random prompts are text, which the server may tokenise into a few tokens more or less
 * (vllm-project/vllm#24937; 0 to 2 a request seen with 0.32). More than this is another workload.
 */
const INPUT_DRIFT = { share: 0.02, tokensPerRequest: 2 };

type Reported = Extract<Measurement, { kind: "reported" }>;

function reportedProblem({ metrics, inputTokens, outputTokens }: Reported, params: CellParams): string | undefined {
  const { completed = 0, failed = 0 } = metrics;
  const [numPrompts, inputLen, outputLen] = [params.numPrompts, params.inputLen, params.outputLen].map(Number) as [
    number,
    number,
    number,
  ];
  if (failed > 0) return `${failed} of ${numPrompts} requests failed`;
  if (completed === 0) return "no request was completed";
  if (completed !== numPrompts) return `${completed} of ${numPrompts} requests were completed`;
  const askedOutput = numPrompts * outputLen;
  if (outputTokens !== askedOutput)
    return `${outputTokens} output tokens came back where ${askedOutput} were asked for`;
  const askedInput = numPrompts * inputLen;
  const allowed = Math.max(askedInput * INPUT_DRIFT.share, numPrompts * INPUT_DRIFT.tokensPerRequest);
  if (Math.abs(inputTokens - askedInput) <= allowed) return undefined;
  return `the engine counted ${inputTokens} input tokens where ${askedInput} were asked for`;
}

/** `a ×2, b ×1`, most frequent first. */
function tally(values: readonly (string | number)[]): string {
  const counts = new Map<string | number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const ordered = [...counts].sort((a, b) => b[1] - a[1]);
  return ordered.map(([value, times]) => `${value} ×${times}`).join(", ");
}
