import { basename } from "node:path";
import { type EngineMonitor, monitorEngine } from "../engine/watch/monitor.ts";
import { withLimit } from "../engine/watch/time-limit.ts";
import type { Cell } from "../result/document/cell.ts";
import type { EngineRecord } from "../result/document/engine-record.ts";
import { unmeasuredCell } from "../result/document/unmeasured-cell.ts";
import type { Telemetrist } from "../telemetry/watch-telemetry.ts";
import type { Progress, Tools } from "../tools.ts";
import { AttemptProgress, attemptsPlanned } from "./cell-progress.ts";
import type { ServingClient, ServingLoad } from "./client/serving-client.ts";
import { measureCell } from "./strategy/measure-cell.ts";
import type { ServingCell } from "./strategy/serving-cell.ts";
import type { Attempt } from "./strategy/trying.ts";

interface Session {
  /** Title of the progress, for people. */
  title: string;
  engine: EngineRecord;
  client: ServingClient;
  tools: Tools;
  /** Starts to look at the engine and the GPU; undefined: nobody wants to know. */
  watchTelemetry: ((load: ServingLoad, signal: AbortSignal) => Telemetrist) | undefined;
  /** Called with each cell before anything of it is measured. */
  onBegin(cell: ServingCell): Promise<void>;
  /** Called with each cell as soon as it ends, so that a crash of ours loses only the rest. */
  onCell(cell: Cell): Promise<void>;
}

/**
 * Measures one cell after the other. When the engine dies, the cell under way and
 * the rest fail with its last words; on a cancel the cell under way keeps what it has and the rest are skipped.
 */
export async function measureCells(cells: readonly ServingCell[], session: Session): Promise<Cell[]> {
  const { title, engine, client, tools, onBegin, onCell } = session;
  const monitor = monitorEngine(engine, tools.signal);
  const isOpen = cells.some(({ strategy }) => attemptsPlanned(strategy).isOpen);
  const progress = tools.report.progress(title, isOpen ? { of: cells.length, unit: "cells" } : cells.length);
  const done: Cell[] = [];
  try {
    for (const cell of cells) {
      progress.update(done.length, shortName(cell));
      await onBegin(cell);
      const cause = monitor.cause();
      const result =
        cause === undefined
          ? await measureWithin(cell, done.length, { session, monitor, progress })
          : unmeasuredCell(cell.plan, client.identity, cause, new Date());
      await onCell(result);
      done.push(result);
    }
    progress.update(done.length);
  } finally {
    monitor.close();
    progress.end();
    await client.close();
  }
  return done;
}

const shortName = ({ plan }: ServingCell) => basename(plan.id);

interface Surroundings {
  session: Session;
  monitor: EngineMonitor;
  progress: Progress;
}

async function measureWithin(cell: ServingCell, cellsBefore: number, around: Surroundings): Promise<Cell> {
  const { client, tools } = around.session;
  const monitor = withLimit(around.monitor, cell.limitSeconds);
  try {
    return await measureCell(cell, client, monitor, {
      attempt: attemptsOf(cell, cellsBefore, { ...around, monitor }),
      tell: (line) => tools.report.info(`${shortName(cell)}: ${line}`),
    });
  } finally {
    monitor.close();
  }
}

function attemptsOf(cell: ServingCell, cellsBefore: number, { session, monitor, progress }: Surroundings): Attempt {
  const { client, watchTelemetry } = session;
  const { most, isOpen } = attemptsPlanned(cell.strategy);
  const startedAt = performance.now();
  let attempts = 0;
  /** What is known of a cell that may end with any measurement. */
  const soFar = () => {
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    return isOpen ? ` (measurement ${attempts + 1}, at most ${most}; ${seconds} s so far)` : "";
  };
  return async (load, tag) => {
    const name = tag === "" ? shortName(cell) : `${shortName(cell)}_${tag}`;
    let telemetrist: Telemetrist | undefined;
    let attemptProgress: AttemptProgress | undefined;
    const end = await client.measure(name, load, {
      signal: monitor.signal,
      onMeasuring: () => {
        // A client that takes more threads begins again; what was seen of its first try says nothing about the second.
        void telemetrist?.finish();
        telemetrist = watchTelemetry?.(load, monitor.signal);
        attemptProgress = new AttemptProgress(load, performance.now(), isOpen);
      },
      onProgress: (live) => {
        const { share, note } = attemptProgress!.read(live, performance.now());
        const within = isOpen ? 0 : Math.min(1, (attempts + share) / most);
        progress.update(cellsBefore + within, `${name}${soFar()}: ${note}`);
      },
    });
    attempts += 1;
    const telemetry = await telemetrist?.finish(end.measuredSeconds);
    return "failure" in end || telemetry === undefined ? end : { ...end, telemetry };
  };
}
