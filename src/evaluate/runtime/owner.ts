import { readlinkSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf, UserError } from "../../errors.ts";
import { makeFolder } from "../../files.ts";
import type { Docker } from "../../machine/docker/client.ts";
import { processRow } from "../../machine/process-table.ts";

/** Begins the name of each folder in which trees lie while they are tested. */
const PREFIX = "pitwall-evaluate-";
/** In the environment of all that is started: whoever inherits it belongs to the tree that it names. */
const MARK = "PITWALL_EVALUATION";
/** In such a folder: a file for each container, named like it. */
export const CONTAINERS = "containers";

/** Who is at work, so that what a killed pitwall left is told from what a living one uses. */
export interface Owner {
  /** Names this process, on each of its containers. */
  id: string;
  /** Folder of all that it makes, outside of any repository: pytest looks for settings in the folders above. */
  folder: string;
  /** Writes down a container's name before it is made, and forgets it on disposal. */
  noteContainer(docker: Docker, name: string): Promise<AsyncDisposable>;
}

/** Makes a folder of its own. The caller removes it. @throws UserError naming TMPDIR */
export async function beginWork(): Promise<Owner> {
  const id = ownerId();
  const folder = await mkdtemp(join(tmpdir(), `${PREFIX}${id}-`)).catch((cause) => {
    throw new UserError(`no folder could be made in ${tmpdir()} (TMPDIR): ${messageOf(cause)}`, { cause });
  });
  await makeFolder(join(folder, CONTAINERS));
  return {
    id,
    folder,
    async noteContainer(docker, name) {
      const path = join(folder, CONTAINERS, name);
      await writeFile(path, JSON.stringify(docker), { flush: true });
      return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
    },
  };
}

/** Environment of all that is started for a tree. */
export const markOf = (tree: string): Record<string, string> => ({ [MARK]: tree });

/** Whether an environment, as /proc shows it, has the mark of a tree at this path or below it. */
export const isMarked = (environment: string, path: string) =>
  environment.includes(`${MARK}=${path}\0`) || environment.includes(`${MARK}=${path}/`);

/** Namespace of pids, pid and start: a pid alone may be another process's by now, or another container's. */
function ownerId(): string {
  const start = process.platform === "linux" ? processRow(process.pid)?.startTicks : undefined;
  return start === undefined ? `0-${process.pid}-0` : `${pidNamespace()}-${process.pid}-${start}`;
}

const pidNamespace = () => /\d+/.exec(readlinkSync("/proc/self/ns/pid"))?.[0] ?? "0";

/** Whether an owner of this name has ended. False for one that cannot be seen from here. */
export function isDead(id: string): boolean {
  const [, namespace, pid, start] = /^(\d+)-(\d+)-(\d+)$/.exec(id) ?? [];
  if (namespace === undefined || start === "0" || process.platform !== "linux" || namespace !== pidNamespace())
    return false;
  const row = processRow(Number(pid));
  return row === null || row.ended || row.startTicks !== start;
}

/** The owner that a folder's name tells; undefined: it is none of ours. */
export function ownerOfFolder(name: string): string | undefined {
  const [, id] = /^pitwall-evaluate-(\d+-\d+-\d+)-\w+$/.exec(name) ?? [];
  return id;
}
