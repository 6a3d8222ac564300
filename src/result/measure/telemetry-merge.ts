import type { EngineTelemetry, GpuTelemetry, Telemetry } from "../document/telemetry.ts";
import { sum } from "../metrics/distribution.ts";
import { present } from "../present.ts";

type MeanAndMax = { mean: number; max: number };
type Part = { samples: number };

/** What was seen during several measurements as one: counters and energy summed, means weighted by their samples. */
export function mergeTelemetry(all: readonly Telemetry[]): Telemetry | undefined {
  if (all.length <= 1) return all[0];
  const engines = all.flatMap(({ engine }) => engine ?? []);
  const gpus = all.flatMap(({ gpu }) => gpu ?? []);
  return {
    ...(engines.length === 0 ? {} : { engine: mergeEngines(engines) }),
    ...(gpus.length === 0 ? {} : { gpu: mergeGpus(gpus) }),
    warnings: mergeWarnings(
      all.flatMap(({ warnings }) => warnings),
      sumOf(gpus, ({ samples }) => samples)!,
    ),
  };
}

function mergeEngines(parts: readonly EngineTelemetry[]): EngineTelemetry {
  return present({
    samples: sumOf(parts, ({ samples }) => samples)!,
    running: mergedMeanAndMax(parts, ({ running }) => running),
    waiting: mergedMeanAndMax(parts, ({ waiting }) => waiting),
    kvCacheUsage: mergedMeanAndMax(parts, ({ kvCacheUsage }) => kvCacheUsage),
    preemptions: sumOf(parts, ({ preemptions }) => preemptions),
    prefixCacheQueryTokens: sumOf(parts, ({ prefixCacheQueryTokens }) => prefixCacheQueryTokens),
    prefixCacheHitTokens: sumOf(parts, ({ prefixCacheHitTokens }) => prefixCacheHitTokens),
  });
}

function mergeGpus(parts: readonly GpuTelemetry[]): GpuTelemetry {
  const clocks = parts.flatMap(({ samples, clockMhz }) => (clockMhz === undefined ? [] : [{ samples, ...clockMhz }]));
  const throttling = parts.flatMap((part) => part.throttling ?? []);
  return present({
    tool: parts[0]!.tool,
    samples: sumOf(parts, ({ samples }) => samples)!,
    gpus: Math.max(...parts.map(({ gpus }) => gpus)),
    powerW: mergedMeanAndMax(parts, ({ powerW }) => powerW),
    energyJ: sumOf(parts, ({ energyJ }) => energyJ),
    clockMhz:
      clocks.length === 0 ? undefined : { mean: weightedMean(clocks), min: Math.min(...clocks.map(({ min }) => min)) },
    temperatureC: mergedMeanAndMax(parts, ({ temperatureC }) => temperatureC),
    memoryUsedMib: mergedMeanAndMax(parts, ({ memoryUsedMib }) => memoryUsedMib),
    throttling: parts.every((part) => part.throttling === undefined) ? undefined : [...new Set(throttling)],
  });
}

const SHARE = /\((\d+) of \d+ samples\)/g;

/** Those that say the same of other shares of the samples are one, of all of them. */
function mergeWarnings(warnings: readonly string[], samples: number): string[] {
  const alike = Map.groupBy(warnings, (warning) => warning.replaceAll(SHARE, "()"));
  return [...alike.values()].map((group) => {
    const counts = group.map((warning) => [...warning.matchAll(SHARE)].map(([, count]) => Number(count)));
    let place = 0;
    return group[0]!.replaceAll(SHARE, () => {
      const total = sum(counts.map((ofOne) => ofOne[place]!));
      place += 1;
      return `(${total} of ${samples} samples)`;
    });
  });
}

/** Absent where any part does not know: a sum of some would look like the whole. */
function sumOf<P>(parts: readonly P[], of: (part: P) => number | undefined): number | undefined {
  const values = parts.flatMap((part) => of(part) ?? []);
  return values.length < parts.length ? undefined : sum(values);
}

function mergedMeanAndMax<P extends Part>(
  parts: readonly P[],
  of: (part: P) => MeanAndMax | undefined,
): MeanAndMax | undefined {
  const levels = parts.flatMap((part) => {
    const level = of(part);
    return level === undefined ? [] : [{ samples: part.samples, ...level }];
  });
  return levels.length === 0
    ? undefined
    : { mean: weightedMean(levels), max: Math.max(...levels.map(({ max }) => max)) };
}

function weightedMean(levels: readonly (Part & { mean: number })[]): number {
  const weight = levels.reduce((total, { samples }) => total + samples, 0);
  const weighted = levels.reduce((total, { samples, mean }) => total + samples * mean, 0);
  return weight === 0 ? levels[0]!.mean : weighted / weight;
}
