import { readFile, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { EngineError } from "../../engine/engine-error.ts";
import { forgetDriver, recordDriver, stopLeftDriver } from "../../engine/left-driver.ts";
import { findPython } from "../../engine/vllm/program.ts";
import { limitFailure } from "../../engine/watch/time-limit.ts";
import { writeJson } from "../../files.ts";
import { startLogged, stopGroup } from "../../machine/process.ts";
import { PACKAGE_ROOT } from "../../package-root.ts";
import { CANCELLED } from "../../result/document/reason.ts";
import { present } from "../../result/present.ts";
import { logsFolder, rawFolder } from "../../working-folder/names.ts";
import { iterationsOf, type SweepPlan, type SweepWatcher, sizeLimit, warmupsOf } from "../sweep.ts";
import { sizeLabel } from "../sweep-cells.ts";
import { DriverEvent, type EngineEvent, SizeFold } from "./driver-events.ts";
import { failureOf, ITERATION_TOO_LONG, type Seen, STARTED_TOO_LATE } from "./driver-failure.ts";

export interface OfflineSweep {
  /** Name of its files. */
  name: "latency-sweep" | "throughput-benchmark";
  model: string;
  engineArgs: readonly string[];
  /** Seconds until the engine must be up. */
  startTimeout: number;
  /** Seconds that one iteration may take; a burst says its own. */
  requestTimeout: number;
  /** Seconds that a cell may take as a whole; absent: the default. */
  benchmarkTimeout?: number | undefined;
  output: string;
  /** The engine's working folder; absent: ours. */
  workingDir?: string | undefined;
}

/** How a sweep ended. `engine` is absent when none came up. */
export interface OfflineEnd {
  engine?: EngineEvent;
  pid: number;
  logFile: string;
  /** Absent after a whole sweep; else why sizes are missing. */
  error?: EngineError;
}

const POLL_MS = 100;
const GRACE_SECONDS = 15;

/**
 * Batch latency and throughput of the offline engine: driver.py makes one engine and writes an event as soon as it knows
 * something, so a crash loses only the rest. The driver is stopped with all its children however this ends.
 * @throws EngineError when Python cannot be started; UserError when the driver refuses the plan
 */
export async function sweepOffline(
  sweep: OfflineSweep,
  plan: SweepPlan,
  watcher: SweepWatcher,
  { signal, env }: { signal: AbortSignal; env: NodeJS.ProcessEnv },
): Promise<OfflineEnd> {
  const output = resolve(sweep.output);
  const files = {
    plan: join(rawFolder(output), `${sweep.name}-plan.json`),
    events: join(rawFolder(output), `${sweep.name}-events.jsonl`),
    log: join(logsFolder(output), `${sweep.name}.log`),
  };
  await stopLeftDriver(sweep.output);
  await writeJson(files.plan, { model: sweep.model, engineArgs: sweep.engineArgs, ...plan });
  await rm(files.events, { force: true });
  const python = findPython(env);
  const driver = join(PACKAGE_ROOT, "src", "latency", "offline", "driver.py");
  const { child, release } = await startLogged(python, [driver, "--plan", files.plan, "--events", files.events], {
    ...{ logFile: files.log, env, cwd: sweep.workingDir },
  });
  const exit = new Promise<number | string>((resolve, reject) => {
    child.once("exit", (code, by) => resolve(code ?? by ?? "unknown"));
    child.once("error", (cause) =>
      reject(new EngineError({ reason: "environment", detail: noPython(python, cause), cause })),
    );
  });
  let exited: number | string | undefined;
  const ended = exit.then((code) => {
    exited = code;
  });
  ended.catch(() => {});
  try {
    await recordDriver(sweep.output, child.pid, files.log);
    release();
    const seen = await follow(sweep, plan, watcher, { files, signal, ended, hasExited: () => exited !== undefined });
    const error = await failureOf(seen, exited, files.log);
    return { ...seen.end, pid: child.pid ?? 0, logFile: files.log, ...present({ error }) };
  } finally {
    if (child.pid !== undefined) await stopGroup(child.pid, GRACE_SECONDS);
    await forgetDriver(sweep.output);
  }
}

const noPython = (python: string, cause: Error) =>
  `${python} could not be started: ${cause.message}. Install vLLM, or name its Python in PITWALL_PYTHON.`;

interface Followed {
  files: { events: string };
  signal: AbortSignal;
  ended: Promise<void>;
  hasExited(): boolean;
}

/** Reads events until the driver is through, dead, too slow to start, or no longer wanted. */
async function follow(sweep: OfflineSweep, plan: SweepPlan, watcher: SweepWatcher, at: Followed): Promise<Seen> {
  const seen: Seen = { end: {}, done: false };
  const fold = new SizeFold();
  const cells = new Map(plan.cells.map((cell) => [cell.id, cell]));
  const endOfCell = (event: DriverEvent, before: number): number => {
    if (event.event === "size" || event.event === "size_failed") return Number.POSITIVE_INFINITY;
    if (event.event !== "size_started") return before;
    return performance.now() + 1000 * sizeLimit(cells.get(event.cell)!, sweep.benchmarkTimeout);
  };
  let limit = performance.now() + sweep.startTimeout * 1000;
  let cellLimit = Number.POSITIVE_INFINITY;
  let lines = 0;
  let iterations = 0;
  for (;;) {
    const last = at.hasExited();
    const events = await readEvents(at.files.events);
    for (const event of events.slice(lines)) {
      if (event.event === "engine") seen.end.engine = event;
      if (event.event === "done") seen.done = true;
      if (event.event === "engine_died") seen.died = event.error;
      if (event.event === "error") seen.refused = event;
      if (event.event === "warmup_done") iterations += warmupsOf(plan, cells.get(event.cell)!);
      if (event.event === "iteration") iterations += 1;
      const result = fold.take(event);
      cellLimit = endOfCell(event, cellLimit);
      if (result !== undefined) await watcher.onSize(result);
      watcher.onIteration(Math.min(iterations, iterationsOf(plan)), noteOf(seen, fold, plan));
    }
    const isNews = events.length > lines && seen.end.engine !== undefined;
    if (isNews) limit = performance.now() + 1000 * secondsAllowed(sweep, plan, fold);
    lines = events.length;
    const now = performance.now();
    if (at.signal.aborted) seen.stopped = CANCELLED;
    else if (now > limit) seen.stopped = seen.end.engine === undefined ? STARTED_TOO_LATE : ITERATION_TOO_LONG;
    else if (now > cellLimit) seen.stopped = limitFailure(sizeLimit(cells.get(fold.current!)!, sweep.benchmarkTimeout));
    if (last || seen.stopped !== undefined) break;
    await Promise.race([at.ended, new Promise((resolve) => setTimeout(resolve, POLL_MS))]);
  }
  const interrupted = fold.interrupt(seen.stopped === CANCELLED ? "cancelled" : "the engine ended in mid-size");
  if (interrupted !== undefined) await watcher.onSize(interrupted);
  return seen;
}

/** Until the next event: warm-up iterations come as one. */
function secondsAllowed({ requestTimeout }: OfflineSweep, plan: SweepPlan, { current, warmingUp }: SizeFold): number {
  const cell = plan.cells.find(({ id }) => id === current);
  const warmups = cell === undefined ? plan.warmup : warmupsOf(plan, cell);
  return (cell?.burst?.timeoutSeconds ?? requestTimeout) * (warmingUp ? Math.max(1, warmups) : 1);
}

function noteOf(seen: Seen, fold: SizeFold, plan: SweepPlan): string {
  if (seen.end.engine === undefined) return "starting the engine";
  const cell = plan.cells.find(({ id }) => id === fold.current);
  return cell === undefined ? "" : sizeLabel(cell);
}

async function readEvents(path: string): Promise<DriverEvent[]> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  return whole
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => DriverEvent.parse(JSON.parse(line)));
}
