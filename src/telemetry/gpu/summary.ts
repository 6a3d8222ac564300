import type { GpuReading, GpuRound } from "../../machine/gpu/reading.ts";
import type { GpuTelemetry } from "../../result/document/telemetry.ts";
import { mean, sum } from "../../result/metrics/distribution.ts";
import { present } from "../../result/present.ts";
import { meanAndMaxOf } from "../mean-and-max.ts";
import type { Window } from "../window.ts";
import { energyOf } from "./energy.ts";

/** @property throttled in how many samples a reason was active */
export interface GpuSummary {
  gpu: GpuTelemetry;
  throttled: { reason: string; samples: number }[];
}

type Amount = "powerW" | "memoryUsedMib";

/**
 * What the rounds of a window say together; power and memory are added over the GPUs, and only where all of them told.
 * @param rounds in order of time; one before the window helps the energy
 * @returns undefined when no GPU was read in the window
 */
export function summarizeGpus(
  tool: GpuTelemetry["tool"],
  rounds: readonly GpuRound[],
  window: Window,
): GpuSummary | undefined {
  const gpus = new Set(rounds.flatMap(({ readings }) => readings.map(({ index }) => index))).size;
  const inside = rounds.filter(({ atMs }) => atMs >= window.fromMs && atMs <= window.toMs);
  const readings = inside.flatMap((round) => round.readings);
  if (readings.length === 0) return undefined;
  const clocks = valuesOf(readings, "clockMhz");
  const throttled = countReasons(inside);
  const power = totals(rounds, "powerW", gpus);
  const told = {
    powerW: meanAndMaxOf(totals(inside, "powerW", gpus).map(({ total }) => total)),
    energyJ:
      power.length === 0
        ? undefined
        : energyOf(
            power.map(({ atMs, total }) => ({ atMs, powerW: total })),
            window,
          ),
    clockMhz: clocks.length === 0 ? undefined : { mean: mean(clocks), min: clocks.reduce((a, b) => Math.min(a, b)) },
    temperatureC: meanAndMaxOf(valuesOf(readings, "temperatureC")),
    memoryUsedMib: meanAndMaxOf(totals(inside, "memoryUsedMib", gpus).map(({ total }) => total)),
    throttling: readings.some((reading) => reading.throttling) ? throttled.map(({ reason }) => reason) : undefined,
  };
  return { gpu: { tool, samples: inside.length, gpus, ...present(told) }, throttled };
}

function valuesOf(readings: readonly GpuReading[], name: "clockMhz" | "temperatureC"): number[] {
  return readings.flatMap((reading) => reading[name] ?? []);
}

/** Sums of the rounds in which every GPU told a value of its own. */
function totals(rounds: readonly GpuRound[], name: Amount, gpus: number): { atMs: number; total: number }[] {
  return rounds.flatMap(({ atMs, readings }) => {
    const values = readings.flatMap((reading) => (reading.split ? [] : (reading[name] ?? [])));
    return values.length === gpus ? [{ atMs, total: sum(values) }] : [];
  });
}

function countReasons(rounds: readonly GpuRound[]): GpuSummary["throttled"] {
  const ofRounds = rounds.map(({ readings }) => new Set(readings.flatMap(({ throttling }) => throttling ?? [])));
  const reasons = [...new Set(ofRounds.flatMap((reasons) => [...reasons]))].toSorted();
  return reasons.map((reason) => ({ reason, samples: ofRounds.filter((reasons) => reasons.has(reason)).length }));
}
