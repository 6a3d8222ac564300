import { setTimeout as sleep } from "node:timers/promises";
import { excerpt, type FeedOptions, type GpuFeed } from "./gpu-feed.ts";
import { type GpuReading, gpuReading, numberOf } from "./gpu-reading.ts";
import { askTool } from "./tool-process.ts";

const ARGS = ["--showpower", "--showclocks", "--showtemp", "--showmeminfo", "vram", "--json"];

/** rocm-smi is a Python program that ends after one answer: asked more often it would take a share of a core for itself. */
const SHORTEST_PAUSE_SECONDS = 2;
const ANSWER_LIMIT_MS = 5000;

export function rocmFeed({ program, env, intervalSeconds, onReading }: FeedOptions): GpuFeed {
  const ended = new AbortController();
  const pauseMs = Math.max(SHORTEST_PAUSE_SECONDS, intervalSeconds) * 1000;
  let fault: string | undefined;

  async function poll(): Promise<void> {
    while (!ended.signal.aborted && fault === undefined) {
      const answer = await askTool({ program, args: ARGS, env, signal: ended.signal }, ANSWER_LIMIT_MS);
      if (ended.signal.aborted) return;
      const readings = answer === undefined ? undefined : rocmReadings(answer.stdout);
      for (const reading of readings ?? []) onReading(reading);
      if (answer === undefined) fault = `did not answer within ${ANSWER_LIMIT_MS / 1000} s`;
      else if (readings === undefined) fault = `ended with exit code ${answer.exitCode}: ${excerpt(answer.words)}`;
      // Not referenced: it alone does not keep this process alive.
      else await sleep(pauseMs, undefined, { signal: ended.signal, ref: false }).catch(() => undefined);
    }
  }

  const done = poll();
  return {
    fault: () => fault,
    async stop() {
      ended.abort();
      await done;
    },
  };
}

/**
 * @param json an object a card, `card0` and so on, with texts or numbers; a warning may stand before it
 * @returns undefined when there is no card in it
 */
export function rocmReadings(json: string): GpuReading[] | undefined {
  const cards = Object.entries(parseObject(json.slice(json.indexOf("{")))).filter(([name]) => /^card\d+$/.test(name));
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
    clockMhz: numberOf(/(\d+)\s*mhz/i.exec(String(card["sclk clock speed:"]))?.[1]),
    temperatureC: number("Temperature (Sensor junction) (C)", "Temperature (Sensor edge) (C)"),
    memoryUsedMib: bytes === undefined ? undefined : bytes / 1024 ** 2,
  });
}

function parseObject(json: string): object {
  try {
    return Object(JSON.parse(json));
  } catch {
    return {};
  }
}
