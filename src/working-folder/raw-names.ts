/** A cell of a latency sweep, as far as the names of its raw files depend on it; with a burst it is one of throughput. */
export interface SizedCell {
  id: string;
  batchSize: number;
  burst?: unknown;
}

/**
 * Name of a cell's raw files, without folder and ending. Begins with the batch size, whose number other tools take from
 * there; lengths and sampling follow where they differ within the sweep, or from cells that the folder keeps.
 */
export function rawName(cell: SizedCell, cells: readonly SizedCell[]): string {
  const isOnly =
    cells.filter(({ batchSize, burst }) => batchSize === cell.batchSize && burst === undefined).length === 1;
  return isOnly ? `latency_bs${cell.batchSize}` : longRawName(cell);
}

/** The same where another cell has that batch size. */
export function longRawName({ id, batchSize }: SizedCell): string {
  return `latency_bs${batchSize}_${id.slice("latency-sweep/".length).replace(`_bs_${batchSize}`, "")}`;
}
