import { statSync } from "node:fs";
import { findContainer, removeContainer, stopContainer } from "../machine/docker/container.ts";
import { deleteObjects, findObjects, shownName } from "../machine/kubernetes/objects.ts";
import { stopGroup } from "../machine/process.ts";
import { type ProcessRow, processRow, runningMembers } from "../machine/process-table.ts";
import type { EngineRecord } from "../result/document/engine-record.ts";

/** What it takes to recognise an engine's processes, its container and its objects in a cluster. */
export type EngineProcess = Pick<EngineRecord, "pid" | "processStart" | "logFile" | "container" | "cluster">;

/** Time to finish after SIGTERM. vLLM on a GPU takes a few seconds to shut its workers down. */
const GRACE_SECONDS = 15;
/** The docker client ends with its container. */
const CLIENT_GRACE_SECONDS = 5;

/**
 * Whether the engine's own process runs: same pid, same start. Always true for a remote engine. That of an engine in a
 * container is the docker client in the foreground, which ends when the container does.
 */
export function engineRuns({ pid, processStart }: EngineProcess): boolean {
  if (pid === null) return true;
  const row = processRow(pid);
  return row !== null && row.startTicks === processStart && !row.ended;
}

/**
 * Processes of this engine and no others that still run: its whole process group, even when its leader is gone.
 * Nothing is looked for by name.
 */
export function engineProcesses(engine: EngineProcess): ProcessRow[] {
  if (engine.pid === null) return [];
  const leader = processRow(engine.pid);
  const members = runningMembers(engine.pid);
  if (leader !== null) return leader.startTicks === engine.processStart ? members : [];
  // The leader was collected, so its start tells nothing; a group of the same number could be a stranger's by now.
  return members.some((member) => writesTo(member.pid, engine.logFile)) ? members : [];
}

function writesTo(pid: number, logFile: string | null): boolean {
  const log = logFile === null ? null : fileIdentity(logFile);
  return log !== null && [1, 2].some((descriptor) => fileIdentity(`/proc/${pid}/fd/${descriptor}`) === log);
}

/** Device and inode; null when the file is gone or not ours to see, as with another user's process. */
function fileIdentity(path: string): string | null {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch (error) {
    if (["ENOENT", "ESRCH", "EACCES"].includes((error as NodeJS.ErrnoException).code ?? "")) return null;
    throw error;
  }
}

/** Whether anything of the engine is left: a process, a container, which outlives its client, or an object in a cluster. */
export async function isEngineLeft(engine: EngineProcess): Promise<boolean> {
  if (engineProcesses(engine).length > 0 || mayBeMade(engine)) return true;
  const { container, cluster } = engine;
  if (cluster !== undefined) return (await findObjects(cluster, cluster.objects)).length > 0;
  return container !== undefined && (await findContainer(container)) !== null;
}

/**
 * Stops the engine's container and its whole process group, TERM then KILL, and deletes what it is in a cluster; resolves
 * when none of it is left.
 */
export async function stopEngine(engine: EngineProcess, graceSeconds = GRACE_SECONDS): Promise<void> {
  const { container, cluster } = engine;
  if (cluster !== undefined)
    return deleteObjects(cluster, cluster.objects).finally(() => stopProcesses(engine, CLIENT_GRACE_SECONDS));
  if (container === undefined) return stopProcesses(engine, graceSeconds);
  const isComing = mayBeMade(engine) && (await findContainer(container)) === null;
  await stopContainer(container, graceSeconds);
  await stopProcesses(engine, CLIENT_GRACE_SECONDS);
  // Last: a client that was about to make the container makes none any more; a daemon that it had asked still may.
  await removeContainer(container, { isComing });
}

/** Whether a container that nobody has seen may be there yet: its client runs, or pitwall was killed before it could note the client. */
function mayBeMade(engine: EngineProcess): boolean {
  return engine.container?.id === null && (engine.pid === null || engineProcesses(engine).length > 0);
}

async function stopProcesses(engine: EngineProcess, graceSeconds: number): Promise<void> {
  if (engine.pid !== null && engineProcesses(engine).length > 0) await stopGroup(engine.pid, graceSeconds);
}

/** What a person would look for: the process group, the container, or the objects in a cluster. */
export function engineHandle({ pid, container, cluster }: Pick<EngineRecord, "pid" | "container" | "cluster">): string {
  if (cluster !== undefined && cluster.objects.length > 0) return cluster.objects.map(shownName).join(", ");
  return container === undefined ? `pid ${pid}` : `container ${container.name}`;
}
