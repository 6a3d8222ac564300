import { z } from "zod";
import { listOf } from "../../checked.ts";
import { UserError } from "../../errors.ts";
import { impossibleTimes } from "../gate/impossible.ts";
import {
  type Distribution,
  mean,
  PERCENTILES,
  percentile,
  standardDeviation,
  summarize,
} from "../metrics/distribution.ts";
import { present } from "../present.ts";
import { parseWith } from "./python-json.ts";

const LATENCY_PERCENTILES = [10, 25, 50, 75, 90, 99] as const;

const LatencyFile = z.looseObject({
  // Since 0.32.
  model_id: z.string().nullish(),
  avg_latency: z.number().positive(),
  std_latency: z.number().nonnegative().optional(),
  latencies: listOf(z.number().positive()).default([]),
  percentiles: z.record(z.string(), z.number().positive()).default({}),
});

export interface LatencyResult {
  /** The file says nothing else of what was measured. */
  modelId?: string;
  latenciesS: number[];
  latency_s: Distribution;
}

/** A file of `vllm bench latency` or benchmark_latency.py: every iteration in seconds, and their summary. */
export function readLatencyFile(text: string, name: string): LatencyResult {
  const file = parseWith(LatencyFile, text, name, "`vllm bench latency`");
  const problem = impossibility(file);
  if (problem !== undefined) throw new UserError(`${name}: ${problem}`);
  const known = PERCENTILES.flatMap((percent) => {
    const value = file.percentiles[String(percent)];
    return value === undefined ? [] : [[`p${percent}`, value] as const];
  });
  const reported = { mean: file.avg_latency, ...present({ std: file.std_latency }), ...Object.fromEntries(known) };
  const model = typeof file.model_id === "string" ? { modelId: file.model_id } : {};
  return { ...model, latenciesS: file.latencies, latency_s: summarize(file.latencies) ?? reported };
}

/** What in a result cannot be, in its own names. */
function impossibility({ avg_latency, latencies, percentiles }: z.output<typeof LatencyFile>): string | undefined {
  const ends: [string, number][] =
    latencies.length === 0
      ? []
      : [
          ["p0", Math.min(...latencies)],
          ["p100", Math.max(...latencies)],
        ];
  const told = Object.fromEntries(Object.entries(percentiles).map(([percent, value]) => [`p${percent}`, value]));
  const names: { [statistic: string]: string } = {
    mean: "avg_latency",
    p0: "the shortest of latencies",
    p100: "the longest of latencies",
  };
  return impossibleTimes(
    { mean: avg_latency, ...told, ...Object.fromEntries(ends) },
    (statistic) => names[statistic] ?? `percentiles.${statistic.slice(1)}`,
  );
}

/** The content of a `vllm bench latency` file; seconds. */
export function vllmLatencyFile(latenciesS: readonly number[]) {
  const ascending = latenciesS.toSorted((a, b) => a - b);
  return {
    avg_latency: mean(latenciesS),
    std_latency: standardDeviation(latenciesS),
    latencies: [...latenciesS],
    percentiles: Object.fromEntries(LATENCY_PERCENTILES.map((p) => [String(p), percentile(ascending, p)])),
  };
}
