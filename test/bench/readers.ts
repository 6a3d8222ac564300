import { open } from "node:fs/promises";
import { createFixture } from "fs-fixture";
import { lastWords } from "../../src/engine/log.ts";
import { median } from "../../src/result/metrics/distribution.ts";
import { READERS } from "../support/readers.ts";
import { benchHostile } from "./hostile.ts";

const MOST_TIMES_JSON = 10;
const RUNS = 5;
const LOG_MEGABYTES = 100;
const LOG_LIMIT_SECONDS = 5;

function medianMs(run: () => void): number {
  const times = Array.from({ length: RUNS }, () => {
    const begin = performance.now();
    run();
    return performance.now() - begin;
  });
  return median(times);
}

/** JSON as a server sends it, of about so many bytes. */
function jsonOf(bytes: number): string {
  const one = JSON.stringify({ index: 0, text: "x", finish_reason: null });
  return `[${Array(Math.ceil(bytes / one.length))
    .fill(one)
    .join(",")}]`;
}

/** The longest line that each reader takes, beside JSON.parse of as many bytes; and the hardest of its other texts. */
function benchReaders(): boolean {
  let isWell = true;
  for (const { name, longest, read, shapes } of READERS) {
    const json = jsonOf(longest);
    const parsing = medianMs(() => JSON.parse(json));
    const [line, ...others] = Object.entries(shapes).map(([shape, make]) => {
      const bytes = Buffer.from(make(longest));
      const tolerant = () => {
        try {
          read(bytes);
        } catch {}
      };
      return { shape, ms: medianMs(tolerant) };
    });
    const hardest = others.toSorted((a, b) => b.ms - a.ms)[0]!;
    const times = line!.ms / parsing;
    isWell &&= times <= MOST_TIMES_JSON;
    const told = [`${Math.round(longest / 1024)} KiB`, `${line!.ms.toFixed(1)} ms`, `${times.toFixed(1)} × JSON.parse`];
    console.log(name.padEnd(32), ...told, `(of many lines at most ${hardest.ms.toFixed(0)} ms: ${hardest.shape})`);
  }
  return isWell;
}

async function benchLog(): Promise<boolean> {
  await using fixture = await createFixture({ "engine.log": "" });
  const logFile = fixture.getPath("engine.log");
  {
    await using file = await open(logFile, "a");
    const lines = "(EngineCore pid=1) ERROR 01-01 00:00:00 [x.py:1] RuntimeError: bind() failed /dev/shm\n".repeat(
      12_000,
    );
    for (let megabyte = 0; megabyte < LOG_MEGABYTES; megabyte++) await file.write(lines.slice(0, 1_000_000));
  }
  const begin = performance.now();
  const { detail } = await lastWords({ logFile }, { what: "it ended", phase: "start", killed: false });
  const seconds = (performance.now() - begin) / 1000;
  console.log(`a log of ${LOG_MEGABYTES} MB: ${seconds.toFixed(2)} s (${detail.slice(0, 80)})`);
  return seconds <= LOG_LIMIT_SECONDS;
}

const results = [benchReaders(), await benchLog()];
if (process.argv.includes("--hostile")) results.push(await benchHostile([]));
process.exitCode = results.every(Boolean) ? 0 : 1;
