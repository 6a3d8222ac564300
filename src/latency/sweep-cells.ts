import type { Burst, Sampling, SweepCell } from "./sweep.ts";

/** What varies within one engine. Every combination is a cell. */
export interface SweepAxes {
  batchSizes: number[];
  inputLen: number[];
  outputLen: number[];
  n: number[];
  temperature: number[];
  topP: number[];
  detokenize: boolean;
  beamSearch: boolean;
}

/**
 * The cells of a sweep, those first that need the least memory: when the engine does not survive one, all that is left
 * is larger, and what was measured is all that can be.
 */
export function sweepCells(axes: SweepAxes): SweepCell[] {
  return gridOf(axes).map((cell) => ({ id: idOf("latency-sweep", "bs", cell), ...cell }));
}

/** The same of a throughput benchmark, whose batches are all its requests. */
export function throughputCells(axes: SweepAxes, burst: Burst): SweepCell[] {
  return gridOf(axes).map((cell) => ({ id: idOf("throughput-benchmark", "prompts", cell), ...cell, burst }));
}

function gridOf(axes: SweepAxes): Omit<SweepCell, "id">[] {
  const { detokenize, beamSearch } = axes;
  const cells = axes.inputLen.flatMap((inputLen) =>
    axes.outputLen.flatMap((outputLen) =>
      axes.n.flatMap((n) =>
        axes.temperature.flatMap((temperature) =>
          axes.topP.flatMap((topP) =>
            axes.batchSizes.map((batchSize) => ({
              ...{ batchSize, inputLen, outputLen },
              sampling: { n, temperature, topP, detokenize, beamSearch },
            })),
          ),
        ),
      ),
    ),
  );
  return cells.toSorted((a, b) => tokensHeld(a) - tokensHeld(b));
}

const tokensHeld = ({ batchSize, inputLen, outputLen, sampling }: Omit<SweepCell, "id">) =>
  batchSize * sampling.n * (inputLen + outputLen);

function idOf(benchmark: string, size: string, cell: Omit<SweepCell, "id">): string {
  const { batchSize, inputLen, outputLen, sampling } = cell;
  return `${benchmark}/in_${inputLen}_out_${outputLen}_${size}_${batchSize}${samplingName(sampling)}`;
}

/** Empty for what `vllm bench latency` does, so that such a cell keeps the id that it has always had. */
function samplingName({ n, temperature, topP, beamSearch }: Sampling): string {
  const parts = [
    beamSearch ? `_beam_${n}` : n === 1 ? "" : `_n_${n}`,
    beamSearch || temperature === 1 ? "" : `_temperature_${temperature}`,
    beamSearch || topP === 1 ? "" : `_top_p_${topP}`,
  ];
  return parts.join("");
}

/** `batch 4, 512 in, 128 out` */
export function sizeLabel({ batchSize, inputLen, outputLen, burst }: Omit<SweepCell, "id" | "sampling">): string {
  const size = burst === undefined ? `batch ${batchSize}` : `${batchSize} requests`;
  return `${size}, ${inputLen} in, ${outputLen} out`;
}
