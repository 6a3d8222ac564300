import type { CellParams, Measurement, RequestSamples, SingleMeasurement } from "../document/cell.ts";

/** What is missing from a measurement to be all that was asked for, as a sentence; undefined when it is whole. */
export function problemOf(measurement: Measurement, params: CellParams): string | undefined {
  if (measurement.kind !== "repeated") return singleProblem(measurement, params);
  const { repeats } = measurement;
  for (const [index, repeat] of repeats.entries()) {
    const problem = singleProblem(repeat, params);
    if (problem !== undefined) return `repeat ${index + 1} of ${repeats.length}: ${problem}`;
  }
  return undefined;
}

function singleProblem(measurement: SingleMeasurement, params: CellParams): string | undefined {
  switch (measurement.kind) {
    case "iterations":
      return iterationsProblem(measurement, params);
    case "requests":
      return requestsProblem(measurement.requests, params);
    case "batch":
      return batchProblem(measurement, params);
    case "starts":
      return startsProblem(measurement.starts.length, params);
    case "reported":
      return reportedProblem(measurement, params);
    case "checked":
      return undefined;
    default:
      return measurement satisfies never;
  }
}

type Iterations = Extract<SingleMeasurement, { kind: "iterations" }>;

function iterationsProblem(
  { latenciesS, inputTokens, outputTokens }: Iterations,
  params: CellParams,
): string | undefined {
  const { iterations, batchSize, inputLen, outputLen, n = 1 } = params;
  if (latenciesS.length === 0) return "no iteration was measured";
  if (latenciesS.length !== iterations) return `${latenciesS.length} of ${iterations} iterations were measured`;
  if (outputTokens.length !== batchSize) return `${outputTokens.length} of ${batchSize} sequences came back`;
  return (
    lengthsProblem("sequences", "output", outputTokens, () => Number(outputLen) * Number(n), params) ??
    lengthsProblem("sequences", "input", inputTokens, () => inputLen, params)
  );
}

function batchProblem(
  { inputTokens, outputTokens }: Extract<SingleMeasurement, { kind: "batch" }>,
  params: CellParams,
): string | undefined {
  const { numPrompts, inputLen, outputLen, n = 1 } = params;
  if (outputTokens.length !== numPrompts) return `${outputTokens.length} of ${numPrompts} requests came back`;
  return (
    lengthsProblem("requests", "output", outputTokens, () => Number(outputLen) * Number(n), params) ??
    lengthsProblem("requests", "input", inputTokens, () => inputLen, params)
  );
}

function startsProblem(starts: number, { iterations }: CellParams): string | undefined {
  return starts === iterations ? undefined : `${starts} of ${iterations} starts were measured`;
}

/** A cell that is bounded by time has no number of requests in its parameters: whatever was sent was asked for. */
function requestsProblem(samples: RequestSamples, params: CellParams): string | undefined {
  const { numPrompts } = params;
  const { errors, askedInputTokens, askedOutputTokens } = samples;
  if (errors.length === 0) return "no request was made";
  const problems = errors.filter((error) => error !== null);
  if (problems.length > 0) {
    const classes = tally(problems.map((error) => error.split(":")[0]!));
    return `${problems.length} of ${errors.length} requests failed: ${classes}. First: ${problems[0]}`;
  }
  if (numPrompts !== undefined && errors.length !== numPrompts) {
    return `${errors.length} of ${numPrompts} requests were made`;
  }
  const columns = [askedInputTokens, askedOutputTokens, samples.inputTokens, samples.outputTokens];
  if (columns.some(({ length }) => length !== errors.length)) return "not every request has its token counts";
  return (
    lengthsProblem("requests", "output", samples.outputTokens, (index) => askedOutputTokens[index], params) ??
    lengthsProblem("requests", "input", samples.inputTokens, (index) => askedInputTokens[index], params) ??
    eventsProblem(samples)
  );
}

/** An event holds a token at least, or it is none: gaps between events that are no tokens would be nobody's. */
function eventsProblem({ gapsMs, outputTokens }: RequestSamples): string | undefined {
  const others = gapsMs.flatMap(({ length }, index) => {
    const tokens = outputTokens[index]!;
    return length < tokens ? [] : [`${length + 1} for ${tokens}`];
  });
  if (others.length === 0) return undefined;
  return `${others.length} of ${outputTokens.length} requests had more token events than tokens: ${tally(others)}`;
}

/**
 * Nobody could say the length of a text beforehand, and of an answer that the model ends only the most.
 * @param askedOf what was asked for at a position; null: nobody could say beforehand
 */
function lengthsProblem(
  what: string,
  side: "input" | "output",
  lengths: readonly number[],
  askedOf: (index: number) => unknown,
  params: CellParams,
): string | undefined {
  if (side === "input" && params.prompts === "text") return undefined;
  const mayBeLess = side === "output" && params.lengths === "natural";
  const others = lengths.flatMap((length, index) => {
    const asked = askedOf(index);
    const isShorter = mayBeLess && length > 0 && length < Number(asked);
    return asked === null || asked === length || isShorter ? [] : [`${length} for ${asked}`];
  });
  if (others.length === 0) return undefined;
  return `${others.length} of ${lengths.length} ${what} had another ${side} length in tokens than asked for: ${tally(others)}`;
}

/**
 * vLLM's random prompts are text, which the server may tokenise into a few tokens more or less
 * (vllm-project/vllm#24937; 0 to 2 a request seen with 0.32). More than this is another workload.
 */
const INPUT_DRIFT = { share: 0.02, tokensPerRequest: 2 };

type Reported = Extract<SingleMeasurement, { kind: "reported" }>;

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

const MOST_TOLD = 5;

/** `a ×2, b ×1`, most frequent first; of many different ones the first few. */
function tally(values: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const ordered = [...counts].sort((a, b) => b[1] - a[1]).map(([value, times]) => `${value} ×${times}`);
  const rest = ordered.length - MOST_TOLD;
  return [...ordered.slice(0, MOST_TOLD), ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
}
