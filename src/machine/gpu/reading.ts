/** What a tool said of one GPU at one moment; what it did not tell is absent. */
export interface GpuReading {
  index: number;
  uuid?: string;
  powerW?: number;
  clockMhz?: number;
  temperatureC?: number;
  memoryUsedMib?: number;
  /** Reasons for lowered clocks that were active; absent when the tool does not tell. */
  throttling?: string[];
  /** The GPU is split (MIG): what holds for the whole board says nothing of our share. */
  split?: true;
}

/** One reading of every GPU. */
export interface GpuRound {
  /** Arrival of its first reading, on the monotonic clock. */
  atMs: number;
  readings: GpuReading[];
}

/** A row's reading belongs to the round under way, until its GPU has been seen in it. */
export function addToRounds(rounds: GpuRound[], reading: GpuReading, atMs: number): void {
  const last = rounds.at(-1);
  if (last === undefined || last.readings.some(({ index }) => index === reading.index)) {
    rounds.push({ atMs, readings: [reading] });
  } else {
    last.readings.push(reading);
  }
}

/** Number of a cell of a table; undefined for `[N/A]`, `[Not Supported]`, `[Insufficient Permissions]` and the like. */
export function numberOf(cell: string | undefined): number | undefined {
  return cell !== undefined && /^-?\d+(\.\d+)?$/.test(cell.trim()) ? Number(cell) : undefined;
}

/** A reading without the values that are not there. */
export function gpuReading(values: { [K in keyof GpuReading]: GpuReading[K] | undefined }): GpuReading | undefined {
  const { index, ...told } = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  return Number.isInteger(index) ? ({ index, ...told } as GpuReading) : undefined;
}
