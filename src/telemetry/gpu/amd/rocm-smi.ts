import { type GpuReading, gpuReading, numberOf } from "../../../machine/gpu/reading.ts";
import { jsonOf } from "../../../machine/gpu/tool-json.ts";
import type { FeedOptions, GpuFeed } from "../feed.ts";
import { pollFeed } from "../poll-feed.ts";

const ARGS = ["--showpower", "--showclocks", "--showtemp", "--showmeminfo", "vram", "--json"];

export function rocmFeed(options: FeedOptions): GpuFeed {
  return pollFeed(options, ARGS, rocmReadings);
}

/**
 * @param json an object a card, `card0` and so on, with texts or numbers; a warning may stand before it
 * @returns undefined when there is no card in it
 */
export function rocmReadings(json: string): GpuReading[] | undefined {
  const cards = Object.entries(jsonOf(json.slice(json.indexOf("{")))).filter(([name]) => /^card\d+$/.test(name));
  const readings = cards.flatMap(([name, card]) => cardReading(Number(name.slice(4)), Object(card)) ?? []);
  return readings.length === 0 ? undefined : readings;
}

/** Newer cards tell the moment's power of the socket, older ones a mean of the package. */
function cardReading(index: number, card: Record<string, unknown>): GpuReading | undefined {
  const number = (...names: string[]) => names.map((name) => numberOf(String(card[name]))).find((n) => n !== undefined);
  const bytes = number("VRAM Total Used Memory (B)");
  return gpuReading({
    index,
    powerW: number("Current Socket Graphics Package Power (W)", "Average Graphics Package Power (W)"),
    clockMhz: numberOf(/(\d{1,9})\s?mhz/i.exec(String(card["sclk clock speed:"]))?.[1]),
    temperatureC: number("Temperature (Sensor junction) (C)", "Temperature (Sensor edge) (C)"),
    memoryUsedMib: bytes === undefined ? undefined : bytes / 1024 ** 2,
  });
}
