import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A real registry on loopback, which Docker needs no certificate of. */
export async function startRegistry(folder: string): Promise<{ host: string; stop(): void }> {
  if (!existsSync("/usr/bin/docker-registry"))
    execFileSync("apt-get", ["install", "--yes", "--no-install-recommends", "docker-registry"], { stdio: "ignore" });
  const port = await freePort();
  const store = join(folder, "registry");
  mkdirSync(store, { recursive: true });
  const config = {
    version: 0.1,
    storage: { filesystem: { rootdirectory: store } },
    http: { addr: `127.0.0.1:${port}` },
  };
  const file = join(folder, "registry.json");
  writeFileSync(file, JSON.stringify(config));
  const registry = spawn("docker-registry", ["serve", file], { stdio: "ignore" });
  const stop = () => {
    registry.kill("SIGTERM");
  };
  for (let attempt = 0; attempt < 150; attempt += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/v2/`).catch(() => undefined);
    if (answer?.ok) return { host: `localhost:${port}`, stop };
    await sleep(200);
  }
  stop();
  throw new Error("docker-registry did not come up");
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  return typeof address === "object" && address !== null ? address.port : 0;
}
