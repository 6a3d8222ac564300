import { gpuReading, numberOf } from "../../../machine/gpu/reading.ts";
import { type FeedOptions, type GpuFeed, type Line, lineFeed } from "../feed.ts";

/** Beginnings of the columns' names: their units are spelt differently from version to version. */
const COLUMNS = {
  index: "DeviceId",
  powerW: "GPU Power",
  clockMhz: "GPU Frequency",
  temperatureC: "GPU Core Temperature",
  memoryUsedMib: "GPU Memory Used",
} as const;

/** Power, frequency, core temperature, memory used: numbers that versions 1 and 2 share. That of throttling moved. */
const METRICS = "1,2,3,18";

/** All metrics of version 2 with time and device are some forty. */
const MOST_COLUMNS = 100;

/** Intel's `xpu-smi dump`, which prints a row a GPU at every interval of whole seconds. */
export function xpuFeed(options: FeedOptions): GpuFeed {
  const seconds = String(Math.max(1, Math.round(options.intervalSeconds)));
  return lineFeed(options, ["dump", "-d", "-1", "-m", METRICS, "-i", seconds], xpuTable());
}

/** Reads a header, then the rows below it. */
export function xpuTable(): (line: string) => Line {
  let header: string[] = [];
  return (line) => {
    const cells = line.split(",", MOST_COLUMNS + 1).map((cell) => cell.trim());
    if (cells.length > MOST_COLUMNS) return { kind: "unknown" };
    if (cells.includes(COLUMNS.index)) {
      header = cells;
      return { kind: "header" };
    }
    if (cells.length !== header.length) return { kind: "unknown" };
    const cell = (name: string) => numberOf(cells[header.findIndex((title) => title.startsWith(name))]);
    const values = Object.entries(COLUMNS).map(([key, name]) => [key, cell(name)]);
    const reading = gpuReading(Object.fromEntries(values));
    return reading === undefined ? { kind: "unknown" } : { kind: "reading", reading };
  };
}
