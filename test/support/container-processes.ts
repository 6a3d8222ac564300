import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** As a client of docker's ends that could not do what it was asked. */
export function fail(message: string, code = 1): never {
  console.error(message);
  process.exit(code);
}

/** Containers of a stand-in for docker: processes that outlive their client, each known by a file with its pid. */
export class ContainerProcesses {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @param name or id, which is the name behind `id-` */
  pidOf(name: string): number {
    const file = this.#file(name);
    return existsSync(file) ? Number(readFileSync(file, "utf8")) : fail(`Error: No such container: ${name}`);
  }

  /** Runs a program of Node's in the foreground, as `docker run` does. */
  run(name: string, words: readonly string[]): void {
    const container = spawn(process.execPath, words, { detached: true, stdio: ["ignore", "inherit", "inherit"] });
    writeFileSync(this.#file(name), String(container.pid));
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => container.kill(signal));
    container.on("exit", (code, signal) => {
      rmSync(this.#file(name), { force: true });
      process.exit(code ?? (signal === "SIGKILL" ? 137 : 143));
    });
  }

  async stop(name: string, graceMs: number): Promise<void> {
    const pid = this.pidOf(name);
    if (isRunning(pid)) process.kill(-pid, "SIGTERM");
    for (let waited = 0; waited < graceMs && isRunning(pid); waited += 20) await sleep(20);
    if (isRunning(pid)) process.kill(-pid, "SIGKILL");
    rmSync(this.#file(name), { force: true });
  }

  #file(name: string): string {
    return join(this.#folder, `container-${name.replace(/^id-/, "")}`);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
