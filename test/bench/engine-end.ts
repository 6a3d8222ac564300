/*
 * How long a dead engine goes unnoticed, and what stopping a healthy one adds to its own shutdown. Prints; asserts nothing.
 * Usage: node test/bench/engine-end.ts [repeats]
 */
import { setTimeout as sleep } from "node:timers/promises";
import { createFixture } from "fs-fixture";
import { startEngine } from "../../src/engine/start.ts";
import { engineProcesses, stopEngine } from "../../src/engine/stop.ts";
import { watchEngine } from "../../src/engine/watch/watch.ts";
import type { EngineRecord } from "../../src/result/document/engine-record.ts";
import { median } from "../../src/result/metrics/distribution.ts";
import { recordingTools } from "../support/recording-tools.ts";

const repeats = Number(process.argv[2] ?? 10);

async function withEngine(work: (engine: EngineRecord & { pid: number }) => Promise<void>): Promise<number> {
  await using folder = await createFixture();
  const engine = await startEngine(
    {
      kind: "simulated",
      output: folder.path,
      model: "sim/tiny",
      engineArgs: [],
      host: "127.0.0.1",
      port: 0,
      startTimeoutSeconds: 30,
    },
    recordingTools(),
  );
  try {
    const start = performance.now();
    await work(engine as EngineRecord & { pid: number });
    return performance.now() - start;
  } finally {
    await stopEngine(engine, 0);
  }
}

/** The worst case: it dies right after the watch has begun to wait for its next look. */
const unnoticed = () =>
  withEngine(async (engine) => {
    const watch = watchEngine(engine);
    process.kill(engine.pid, "SIGKILL");
    await watch.died;
    watch.close();
  });

/** SIGTERM straight to the process, looked at every millisecond. */
const ownShutdown = () =>
  withEngine(async (engine) => {
    process.kill(engine.pid, "SIGTERM");
    while (engineProcesses(engine).length > 0) await sleep(1);
  });

const stop = () => withEngine((engine) => stopEngine(engine));

async function measure(name: string, once: () => Promise<number>): Promise<void> {
  const ms: number[] = [];
  for (let i = 0; i < repeats; i++) ms.push(await once());
  console.log(`${name.padEnd(44)} median ${median(ms).toFixed(0)} ms, longest ${Math.max(...ms).toFixed(0)} ms`);
}

await measure("a dead engine goes unnoticed for at most", unnoticed);
await measure("an engine's own shutdown after SIGTERM takes", ownShutdown);
await measure("stopping it takes, all in all", stop);
