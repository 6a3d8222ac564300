import { gpuReading, numberOf } from "../../../machine/gpu/reading.ts";
import { type FeedOptions, type GpuFeed, type Line, lineFeed } from "../feed.ts";
import { throttlingReasons } from "./throttling.ts";

/**
 * `power.draw` is the board's mean over the last second from Ampere on, the moment's value before. The names before
 * driver 535 stand at the right; a field with none is left out where the driver does not know it.
 */
const FIELDS: Record<string, string | undefined> = {
  index: undefined,
  uuid: undefined,
  "power.draw": undefined,
  "clocks.sm": undefined,
  "temperature.gpu": undefined,
  "memory.used": undefined,
  "mig.mode.current": undefined,
  "clocks_event_reasons.active": "clocks_throttle_reasons.active",
};

/** One nvidia-smi that runs on: started anew for every sample it would cost a tenth of a second of a core each time. */
export function nvidiaFeed(options: FeedOptions): GpuFeed {
  let fields = Object.keys(FIELDS);
  const args = () => [
    `--query-gpu=${fields.join(",")}`,
    "--format=csv,noheader,nounits",
    "-lms",
    String(Math.round(options.intervalSeconds * 1000)),
  ];
  return lineFeed(options, args(), (line) => {
    const refused = /^Field "([\w.]+)" is not a valid field to query/.exec(line)?.[1];
    if (refused === undefined) return nvidiaLine(fields, line);
    fields = withoutField(fields, refused);
    return { kind: "retry", args: args() };
  });
}

function withoutField(fields: string[], refused: string): string[] {
  return fields.flatMap((field) => (field === refused ? (FIELDS[field] ?? []) : [field]));
}

/** @param line values of the fields in their order, such as `0, GPU-8932f937-…, 312.45, 1980, 61, 70123, [N/A], 0x04` */
export function nvidiaLine(fields: readonly string[], line: string): Line {
  const cells = line.split(",", fields.length + 1).map((cell) => cell.trim());
  if (cells.length !== fields.length) return { kind: "unknown" };
  const told = Object.fromEntries(fields.map((field, index) => [field, cells[index]]));
  const reading = gpuReading({
    index: numberOf(told.index),
    uuid: told.uuid?.startsWith("GPU-") ? told.uuid : undefined,
    powerW: numberOf(told["power.draw"]),
    clockMhz: numberOf(told["clocks.sm"]),
    temperatureC: numberOf(told["temperature.gpu"]),
    memoryUsedMib: numberOf(told["memory.used"]),
    split: told["mig.mode.current"] === "Enabled" ? true : undefined,
    throttling: throttlingReasons(told["clocks_event_reasons.active"] ?? told["clocks_throttle_reasons.active"]),
  });
  return reading === undefined ? { kind: "unknown" } : { kind: "reading", reading };
}
