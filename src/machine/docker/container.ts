import { readFileSync } from "node:fs";
import { UserError } from "../../errors.ts";
import type { EngineRecord } from "../../result/document/engine-record.ts";
import { askDocker, lastLine } from "./client.ts";

export type Container = NonNullable<EngineRecord["container"]>;

const GONE = /no such (container|object)|no container with name/i;

/** By id once it is known, else by our name, which nobody else has: never by a pattern. */
const handleOf = ({ id, name }: Container) => id ?? name;

/** A container's id and its first process as the host sees it; null when there is none. @throws UserError when the daemon cannot say */
export async function findContainer(container: Container): Promise<Pick<Container, "id" | "pid"> | null> {
  const args = ["container", "inspect", "--format", "{{.Id}} {{.State.Pid}}", handleOf(container)];
  const { exitCode, stdout, stderr } = await askDocker(container, args);
  if (exitCode === 0) {
    const [id, pid] = stdout.trim().split(" ");
    return { id: id!, pid: isOf(Number(pid), id!) ? Number(pid) : null };
  }
  if (GONE.test(stderr)) return null;
  throw new UserError(
    `whether the container ${container.name} still runs cannot be told: ${lastLine(stderr)}. ` +
      `Look with: docker ps --filter name=${container.name}`,
  );
}

/** Whether a pid of the daemon's machine is the container's here: we may be in a container ourselves, and count otherwise. */
function isOf(pid: number, id: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, "utf8").includes(id);
  } catch {
    return false;
  }
}

/** Asks the container to end and waits; the daemon kills it after the grace. */
export async function stopContainer(container: Container, graceSeconds: number): Promise<void> {
  await askDocker(container, ["stop", "-t", String(Math.ceil(graceSeconds)), handleOf(container)]);
}

/** A daemon under load takes so long to make a container for a client that has gone. */
const COMING_MS = 3000;

/**
 * Removes a container in whatever state it is.
 * @param isComing it is not there yet, but the daemon may have been asked for it
 * @throws UserError when it may still be there
 */
export async function removeContainer(container: Container, { isComing = false } = {}): Promise<void> {
  const comesUntil = isComing ? performance.now() + COMING_MS : 0;
  for (let attempt = 1; ; attempt += 1) {
    const { exitCode, stderr } = await askDocker(container, ["rm", "--force", handleOf(container)]);
    // With --force newer clients call it a success that there was none.
    if (GONE.test(stderr)) {
      if (performance.now() > comesUntil) return;
      await pause();
      continue;
    }
    if (exitCode === 0) return;
    // One that ended is on its way out already, as `docker run --rm` wants it.
    if (!/already in progress/i.test(stderr) || attempt === 50) {
      throw new UserError(
        `the container ${container.name} could not be removed: ${lastLine(stderr)}. ` +
          `Remove it with: docker rm --force ${container.name}`,
      );
    }
    await pause();
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, 100));
