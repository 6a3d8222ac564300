import type { Cell } from "../document/cell.ts";
import type { EngineRecord } from "../document/engine-record.ts";
import { modelFacts } from "../series/model-facts.ts";

export type EnginesOfCells = { engines: EngineRecord[] } | { problem: string };

const isOffline = (cell: Cell) => cell.params.mode === "offline";
const isStartup = (cell: Cell) => cell.benchmark === "startup-benchmark";

/**
 * The engines that these cells came from, the server first; a working folder may still hold records and cells of an
 * earlier run, and numbers must never be filed under an engine that did not produce them.
 */
export function enginesOf(cells: readonly Cell[], records: readonly EngineRecord[]): EnginesOfCells {
  const started = records.find(({ startMeasured }) => startMeasured);
  const others = records.filter((record) => record !== started);
  const server = others.find(({ baseUrl, secondsToReady }) => baseUrl !== null || secondsToReady === null);
  const offline = others.find((record) => record !== server);
  const served = cells.filter((cell) => !isOffline(cell) && !isStartup(cell));
  const ownOf = (cell: Cell) => (isStartup(cell) ? started : isOffline(cell) ? offline : server);
  const needed = [
    ...(served.length > 0 ? [server] : []),
    ...(cells.some(isOffline) ? [offline ?? server] : []),
    ...(cells.some(isStartup) ? [started ?? server ?? offline] : []),
  ].filter((record) => record !== undefined);
  const engines = [...new Set(needed)];
  if (engines.length === 0)
    return {
      problem:
        "no record of an engine: start-engine writes one, latency-sweep and throughput-benchmark offline, and startup-benchmark",
    };
  const orphan = cells.find((cell) => cell.status === "measured" && ownOf(cell) === undefined);
  if (orphan !== undefined) return { problem: `${orphan.id} was measured with an engine whose record is gone` };
  const names = new Set(engines.map(nameOf));
  if (names.size > 1) return { problem: `the cells are of two engines: ${[...names].join(" and ")}` };
  const readyAfter = server?.secondsToReady == null ? 0 : Date.parse(server.startedAt);
  const early = served.find((cell) => cell.status !== "skipped" && Date.parse(cell.startedAt) < readyAfter);
  if (early !== undefined) return { problem: `${early.id} was measured before the engine of engine.json was started` };
  return { engines };
}

/** What a series is known by, which must be one for all cells of a document. */
function nameOf({ kind, modelPath, args }: EngineRecord): string {
  const { tensorParallel, quantization } = modelFacts(modelPath, args, null);
  const more = [
    tensorParallel === 1 ? "" : ` on ${tensorParallel} GPUs`,
    quantization === null ? "" : ` in ${quantization}`,
  ];
  return `${kind} with ${modelPath}${more.join("")}`;
}
