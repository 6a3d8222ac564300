import type { RunHead } from "../document/run.ts";
import { METRICS, type MetricName, type Metrics } from "../metrics/metric.ts";
import { formatInUnit } from "../metrics/unit.ts";
import { present } from "../present.ts";
import { effectiveArguments } from "./engine-arguments.ts";
import { gpuName } from "./gpu-name.ts";

/** All that must be equal before two numbers may be compared. Engine version and commit are the x axis: not in here. */
export interface SeriesContext {
  engine: string;
  model: string;
  quantization: string | null;
  tensorParallel: number;
  gpu: string;
  host: string;
  simulated: boolean;
  client: string;
  /** Set apart from other runs by their settings, as in an experiment; absent where nobody did. */
  configuration?: string;
  /** Those that can change a number, as one text; absent where there are none. */
  engineArguments?: string;
  /** Present where the engine was shrunk: it had another max_model_len than the others of its series. */
  maxModelLen?: number;
}

export function contextOf(run: RunHead): SeriesContext {
  return {
    engine: run.engine.kind,
    model: run.model.name,
    quantization: run.model.quantization,
    tensorParallel: run.model.tensorParallel,
    gpu: gpuName(run),
    host: run.host.label,
    simulated: run.simulated,
    client: run.client.kind,
    // Absent, not null: the keys of series without one stay what they were.
    ...present({ configuration: run.configuration }),
    ...argumentsOf(run),
    ...(run.engine.shrunk === undefined ? {} : { maxModelLen: run.engine.shrunk.to }),
  };
}

/** Equal for equal contexts only; of one without arguments that count it is what it was before they did. */
export function contextKey({ engineArguments, ...context }: SeriesContext): string {
  return JSON.stringify([...Object.values(context), ...(engineArguments === undefined ? [] : [[engineArguments]])]);
}

/** What stands for having no arguments, where a renaming needs a name. */
export const NO_ARGUMENTS = "none";

/** A person's record goes before what the document says: `history rename arguments`. */
function argumentsOf({ renamed = [], engine }: RunHead): Pick<SeriesContext, "engineArguments"> {
  const given = renamed.findLast(({ what }) => what === "arguments")?.to;
  const text = given === NO_ARGUMENTS ? "" : (given ?? effectiveArguments(engine.args));
  return text === "" ? {} : { engineArguments: text };
}

/** Statistic that stands for a metric in one number: the median of a distribution, the scalar itself. */
export function headline(metrics: Metrics, name: MetricName): number | undefined {
  const value = metrics[name];
  if (value === undefined) return undefined;
  return typeof value === "number" ? value : (value.p50 ?? value.mean);
}

export function formatMetric(name: MetricName, value: number | undefined): string {
  return value === undefined ? "–" : formatInUnit(value, METRICS[name].unit);
}
