import { lstatSync } from "node:fs";
import { readdir, readFile, readlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askDocker, type Docker } from "../../machine/docker/client.ts";
import { removeContainer } from "../../machine/docker/container.ts";
import { type ProcessRow, runningProcesses } from "../../machine/process-table.ts";
import { counted } from "../../result/counted.ts";
import type { Tools } from "../../tools.ts";
import { CONTAINERS, isDead, isMarked, ownerOfFolder } from "./owner.ts";

/**
 * Removes what killed runs of this user left on this machine: processes, containers, folders. What belongs to a living one stays.
 * @param docker undefined: nobody asks a daemon
 * @param removeFolder of trees, in which other users may have written
 */
export async function removeLeftovers(
  docker: Docker | undefined,
  removeFolder: (folder: string) => Promise<void>,
  { report }: Tools,
): Promise<void> {
  const folders = await deadFolders();
  for (const folder of folders) await endProcesses(folder);
  const noted = (await Promise.all(folders.map(removeNotedContainers))).flat();
  const labelled = docker === undefined ? [] : await removeLabelledContainers(docker);
  for (const folder of folders) await removeFolder(folder);
  const containers = new Set([...noted, ...labelled]).size;
  if (folders.length === 0 && containers === 0) return;
  report.info(
    `removed what a killed run left: ${counted(folders.length, "folder")}, ${counted(containers, "container")}`,
  );
}

async function deadFolders(): Promise<string[]> {
  const names = await readdir(tmpdir()).catch(() => []);
  const dead = names.filter((name) => {
    const owner = ownerOfFolder(name);
    return owner !== undefined && isDead(owner);
  });
  // On a machine with many users the others' are theirs to remove.
  return dead
    .map((name) => join(tmpdir(), name))
    .filter((path) => lstatSync(path, { throwIfNoEntry: false })?.uid === process.getuid?.());
}

/** Ends all that was started for a tree at this path or below, whatever group or session it is in: clients of docker, tests, servers of tests. */
export async function endProcesses(path: string): Promise<void> {
  if (process.platform !== "linux") return;
  for (let round = 0; round < 20; round += 1) {
    const others = runningProcesses().filter(({ pid }) => pid !== process.pid);
    const started: number[] = [];
    for (const row of others) if (await isStartedFor(row, path)) started.push(row.pid);
    if (started.length === 0) return;
    for (const pid of started) kill(pid);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A test may start a server with an environment of its own: that is known by where it stands, as a person's shell is not. */
async function isStartedFor({ pid, hasTerminal }: ProcessRow, path: string): Promise<boolean> {
  if (isMarked(await environmentOf(pid), path)) return true;
  const place = hasTerminal ? "" : await readlink(`/proc/${pid}/cwd`).catch(() => "");
  return `${place.replace(/ \(deleted\)$/, "")}/`.startsWith(`${path}/`);
}

/** Empty for one that has ended, or is another user's. */
const environmentOf = (pid: number) => readFile(`/proc/${pid}/environ`, "latin1").catch(() => "");

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Those that were noted: the daemon may have been asked for one, and not have made it yet. */
async function removeNotedContainers(folder: string): Promise<string[]> {
  const names = await readdir(join(folder, CONTAINERS)).catch(() => []);
  await Promise.all(
    names.map(async (name) => {
      const docker = await readNote(join(folder, CONTAINERS, name));
      if (docker !== undefined) await removeContainer({ ...docker, name, id: null, pid: null }, { isComing: true });
    }),
  );
  return names;
}

/** Undefined for a note that was being written: its container was not asked for yet. */
async function readNote(path: string): Promise<Docker | undefined> {
  try {
    const { program, daemon } = JSON.parse(await readFile(path, "utf8"));
    return typeof program === "string" ? { program, daemon } : undefined;
  } catch {
    return undefined;
  }
}

async function removeLabelledContainers(docker: Docker): Promise<string[]> {
  const format = '{{.Names}}\t{{.Label "pitwall.owner"}}';
  const args = ["ps", "--all", "--no-trunc", "--filter", "label=pitwall.owner", "--format", format];
  const { stdout } = await askDocker(docker, args);
  const rows = stdout.split("\n").map((line) => line.split("\t"));
  const names = rows.filter(([, owner]) => owner !== undefined && isDead(owner)).map(([name]) => name!);
  await Promise.all(names.map((name) => removeContainer({ ...docker, name, id: null, pid: null })));
  return names;
}
