/*
 * Coefficients of the simulated engine from measured latencies: `npm run fit-timing -- RUN.json… > timing.json`. Reads the
 * latency sweeps in run documents of one engine on one machine; says on stderr how far the fit is off where it has not
 * looked. docs/simulator.md says what such a fit is worth.
 */
import { z } from "zod";
import { messageOf } from "../src/errors.ts";
import { readJson } from "../src/files.ts";
import { Run, type RunCell } from "../src/result/document/run.ts";
import { median } from "../src/result/metrics/distribution.ts";
import { type Batch, batchSums } from "../src/simulator/fit/batch-sums.ts";
import { fitTiming, heldOutErrors } from "../src/simulator/fit/fit-timing.ts";

const tokens = z.int().positive();
const Shape = z.object({ batchSize: tokens, inputLen: tokens, outputLen: tokens });

interface Measured extends Batch {
  medianMs: number;
}

async function main(paths: readonly string[]): Promise<void> {
  if (paths.length === 0)
    throw new Error("give run documents: npm run fit-timing -- runs/2025/09/*.json > timing.json");
  const runs = await Promise.all(paths.map((path) => readJson(path, Run)));
  refuseMixture(runs);
  const cells = medians(runs.flatMap(({ cells }) => cells.flatMap(measuredOf)));
  if (cells.length < 2) throw new Error(`a fit needs two latency-sweep cells at least; found ${cells.length}`);
  const rows = cells.map((cell) => ({ ms: cell.medianMs, ...batchSums(cell) }));
  // To a femtosecond: what lies below is noise of floating-point numbers.
  const rounded = Object.entries(fitTiming(rows)).map(([name, ms]) => [name, Math.round(ms * 1e12) / 1e12]);
  process.stdout.write(`${JSON.stringify(Object.fromEntries(rounded), null, 1)}\n`);
  const errors = heldOutErrors(rows);
  process.stderr.write(
    `held-out error of ${cells.length} cells from ${runs.length} runs, each predicted from the others:\n`,
  );
  cells.forEach((cell, i) => {
    process.stderr.write(`  ${nameOf(cell)}  ${cell.medianMs.toFixed(1)} ms  ${percent(errors[i]!)}\n`);
  });
  process.stderr.write(`  greatest ${percent(Math.max(...errors.map(Math.abs)))}\n`);
}

/** @throws Error when the documents are not of one engine and machine: their numbers answer different questions */
function refuseMixture(runs: readonly Run[]): void {
  const contexts = runs.map(({ engine, model, host, simulated }) =>
    [
      simulated ? "simulated" : engine.kind,
      model.name,
      `${host.gpuCount} × ${host.gpu}`,
      `TP ${model.tensorParallel}`,
    ].join(", "),
  );
  const different = [...new Set(contexts)];
  if (different.length > 1) throw new Error(`these documents mix engines or machines:\n  ${different.join("\n  ")}`);
}

function measuredOf(cell: RunCell): Measured[] {
  if (cell.status !== "ok" || cell.benchmark !== "latency-sweep") return [];
  const shape = Shape.safeParse(cell.params);
  const seconds = cell.metrics.latency_s?.p50;
  if (!shape.success || seconds === undefined) return [];
  return [{ ...shape.data, medianMs: seconds * 1000 }];
}

/** One a shape of batch, so that a shape measured often does not count for more, and none is predicted from itself. */
function medians(cells: readonly Measured[]): Measured[] {
  const shapes = Map.groupBy(cells, nameOf);
  return [...shapes.values()].map((same) => ({ ...same[0]!, medianMs: median(same.map(({ medianMs }) => medianMs)) }));
}

const nameOf = ({ batchSize, inputLen, outputLen }: Batch) => `batch ${batchSize}, ${inputLen} in, ${outputLen} out`;
const percent = (part: number) => `${part < 0 ? "" : "+"}${(part * 100).toFixed(2)} %`;

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`fit-timing: ${messageOf(error)}\n`);
  process.exitCode = 1;
}
