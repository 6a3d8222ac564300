import { UsageError } from "../../errors.ts";
import type { CellParams } from "../../result/document/cell.ts";
import type { Arrivals, Bound } from "../../workload/arrivals/arrivals.ts";
import type { Load } from "../../workload/load-plan.ts";
import type { ServingInputs } from "./inputs.ts";
import type { PromptChoice } from "./prompts.ts";

/** One load: how requests come, what ends them, and what the cell is called after it. */
export interface LoadChoice {
  name: string;
  load: Load;
  bound: Bound;
  /** What the document records of the load, and of its size. */
  params: CellParams;
  sizeParams: CellParams;
}

/** @throws UsageError when inputs contradict each other, or leave the load open */
export function loadChoices(inputs: ServingInputs, prompt: PromptChoice): LoadChoice[] {
  const ways = namedWays(inputs, prompt);
  if (ways.length > 1) throw new UsageError(`give one of ${ways.join(" and ")}: each says when requests are sent`);
  refuseStrays(inputs, ways[0]);
  if (prompt.arrivals !== undefined) return [traceLoad(inputs, prompt.arrivals)];
  if (inputs.concurrency !== undefined) return inputs.concurrency.map((level) => closedLoop(inputs, level));
  if (inputs.ramp !== undefined) return [rampLoad(inputs, inputs.ramp)];
  if (inputs.bursts !== undefined) return [burstLoad(inputs, inputs.bursts)];
  return (inputs.requestRate ?? [defaultRate(inputs, prompt)]).map((rate) => rateLoad(inputs, rate));
}

/** @param typed inputs that were given with the command; @param all also from elsewhere, none of them the default */
export function refuseStrayMinutes(typed: Record<string, unknown>, all: Record<string, unknown>): void {
  if (typed.minutes === undefined || all.find === "max-rate") return;
  if (all.concurrency !== undefined || all.find !== undefined) {
    throw new UsageError(
      "--minutes goes with a request rate; how long a --concurrency lasts is --duration, in seconds",
    );
  }
  if (all.numPrompts !== undefined && all.ramp === undefined) {
    throw new UsageError("give --minutes or --num-prompts, not both: either ends a cell");
  }
}

function namedWays({ requestRate, concurrency, ramp, bursts }: ServingInputs, { arrivals }: PromptChoice): string[] {
  const given = {
    "--request-rate (with a limit: --max-concurrency)": requestRate,
    "--concurrency": concurrency,
    "--ramp": ramp,
    "--bursts": bursts,
    "--dataset trace:FILE": arrivals,
  };
  return Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]));
}

function refuseStrays(
  { concurrency, maxConcurrency, duration, numPrompts, burstiness, bursts }: ServingInputs,
  way?: string,
): void {
  if (concurrency !== undefined && maxConcurrency !== undefined) {
    throw new UsageError("--max-concurrency goes with a request rate; --concurrency is a limit already");
  }
  if (duration !== undefined && concurrency === undefined) {
    throw new UsageError("--duration goes with --concurrency; at a rate, --minutes says how long");
  }
  if (duration !== undefined && numPrompts !== undefined) {
    throw new UsageError("give --duration or --num-prompts, not both: either ends a closed loop");
  }
  if (burstiness !== 1 && (concurrency !== undefined || bursts !== undefined || way?.startsWith("--dataset"))) {
    throw new UsageError(`--burstiness goes with a request rate or a ramp, not with ${way}`);
  }
}

export function closedLoop({ duration, numPrompts }: ServingInputs, concurrency: number): LoadChoice {
  const count = numPrompts ?? 10 * concurrency;
  if (duration === undefined && count < concurrency) {
    throw new UsageError(
      `--num-prompts ${count} never has ${concurrency} requests open; give at least ${concurrency}, or a lower --concurrency`,
    );
  }
  return {
    name: `concurrency_${concurrency}`,
    load: { kind: "closed-loop", concurrency },
    params: { concurrency },
    ...(duration === undefined
      ? { bound: { kind: "requests", count }, sizeParams: { numPrompts: count } }
      : { bound: { kind: "seconds", seconds: duration }, sizeParams: { durationS: duration } }),
  };
}

export function rateLoad(inputs: ServingInputs, requestRate: number): LoadChoice {
  const { burstiness, numPrompts, minutes } = inputs;
  if (requestRate === Number.POSITIVE_INFINITY && numPrompts === undefined) {
    throw new UsageError("--request-rate inf has no duration; say how many requests with --num-prompts");
  }
  const count = numPrompts ?? Math.max(1, Math.round(60 * minutes * requestRate));
  const rate = Number.isFinite(requestRate) ? requestRate : "inf";
  const shape = shapeOf(inputs);
  return openLoop(inputs, {
    name: `rate_${rate}${shape.name}`,
    arrivals: { kind: "rate", requestRate, burstiness },
    bound: { kind: "requests", count },
    params: { requestRate: rate, ...shape.params },
    sizeParams: { numPrompts: count },
  });
}

function rampLoad(inputs: ServingInputs, { fromRate, toRate }: NonNullable<ServingInputs["ramp"]>): LoadChoice {
  const { burstiness, minutes } = inputs;
  const shape = shapeOf(inputs);
  return openLoop(inputs, {
    name: `ramp_${fromRate}_${toRate}${shape.name}`,
    arrivals: { kind: "ramp", fromRate, toRate, seconds: 60 * minutes, burstiness },
    params: { rampFrom: fromRate, rampTo: toRate, ...shape.params },
    ...sizeOf(inputs, { minutes }),
  });
}

function burstLoad(inputs: ServingInputs, bursts: NonNullable<ServingInputs["bursts"]>): LoadChoice {
  const { size, everySeconds } = bursts;
  return openLoop(inputs, {
    name: `bursts_${size}_every_${everySeconds}s`,
    arrivals: { kind: "bursts", ...bursts },
    params: { burstSize: size, burstEveryS: everySeconds },
    ...sizeOf(inputs, {}),
  });
}

function traceLoad(inputs: ServingInputs, arrivals: Extract<Arrivals, { kind: "trace" }>): LoadChoice {
  const count = Math.min(inputs.numPrompts ?? Number.POSITIVE_INFINITY, arrivals.timesMs.length);
  return openLoop(inputs, {
    name: "replayed",
    arrivals,
    bound: { kind: "requests", count },
    params: {},
    sizeParams: { numPrompts: count },
  });
}

/** @param always what decides the load even where a number of requests ends it */
function sizeOf({ numPrompts, minutes }: ServingInputs, always: CellParams): Pick<LoadChoice, "bound" | "sizeParams"> {
  return numPrompts === undefined
    ? { bound: { kind: "seconds", seconds: 60 * minutes }, sizeParams: { minutes } }
    : { bound: { kind: "requests", count: numPrompts }, sizeParams: { numPrompts, ...always } };
}

function openLoop(
  { maxConcurrency }: ServingInputs,
  { arrivals, ...choice }: Omit<LoadChoice, "load"> & { arrivals: Arrivals },
): LoadChoice {
  const load: Load = { kind: "open-loop", arrivals, maxConcurrency };
  if (maxConcurrency === undefined) return { ...choice, load };
  return {
    ...choice,
    load,
    name: `${choice.name}_max_${maxConcurrency}`,
    params: { ...choice.params, maxConcurrency },
  };
}

function shapeOf({ burstiness }: ServingInputs): { name: string; params: CellParams } {
  if (burstiness === 1) return { name: "", params: { burstiness } };
  if (burstiness === Number.POSITIVE_INFINITY) return { name: "_constant", params: { burstiness: "inf" } };
  return { name: `_burstiness_${burstiness}`, params: { burstiness } };
}

/** A rate that offers the same tokens a second whatever the lengths. */
function defaultRate({ tokensPerSecond }: ServingInputs, { tokens, name }: PromptChoice): number {
  if (tokens === undefined)
    throw new UsageError(`${name} has no rate of its own; give --request-rate or --concurrency`);
  const rounded = Math.round((tokensPerSecond / tokens) * 100) / 100;
  if (rounded > 0) return rounded;
  throw new UsageError(
    `--tokens-per-second ${tokensPerSecond} is too little for ${name}; raise it or give --request-rate`,
  );
}
