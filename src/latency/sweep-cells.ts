import type { Sampling, SweepCell } from "./sweep.ts";

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
  const { detokenize, beamSearch } = axes;
  const cells = axes.inputLen.flatMap((inputLen) =>
    axes.outputLen.flatMap((outputLen) =>
      axes.n.flatMap((n) =>
        axes.temperature.flatMap((temperature) =>
          axes.topP.flatMap((topP) =>
            axes.batchSizes.map((batchSize) =>
              named({ batchSize, inputLen, outputLen, sampling: { n, temperature, topP, detokenize, beamSearch } }),
            ),
          ),
        ),
      ),
    ),
  );
  return cells.toSorted((a, b) => tokensHeld(a) - tokensHeld(b));
}

const tokensHeld = ({ batchSize, inputLen, outputLen, sampling }: SweepCell) =>
  batchSize * sampling.n * (inputLen + outputLen);

function named(cell: Omit<SweepCell, "id">): SweepCell {
  const { batchSize, inputLen, outputLen, sampling } = cell;
  const size = `in_${inputLen}_out_${outputLen}_bs_${batchSize}`;
  return { id: `latency-sweep/${size}${samplingName(sampling)}`, ...cell };
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
export function sizeLabel({ batchSize, inputLen, outputLen }: Omit<SweepCell, "id" | "sampling">): string {
  return `batch ${batchSize}, ${inputLen} in, ${outputLen} out`;
}

/**
 * Name of a cell's raw files, without folder and ending. Begins with the batch size, whose number other tools take from
 * there; lengths and sampling follow where they differ within the sweep.
 */
export function rawName(cell: SweepCell, cells: readonly SweepCell[]): string {
  const base = `latency_bs${cell.batchSize}`;
  const isOnly = cells.filter(({ batchSize }) => batchSize === cell.batchSize).length === 1;
  if (isOnly) return base;
  const rest = cell.id.slice("latency-sweep/".length).replace(`_bs_${cell.batchSize}`, "");
  return `${base}_${rest}`;
}
