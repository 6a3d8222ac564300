import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A Docker daemon on a socket of its own, with neither bridge nor firewall rules: that needs root, and no network. */
export async function startDaemon(folder: string): Promise<{ host: string; stop(): Promise<void> }> {
  installDocker();
  const host = `unix://${join(folder, "docker.sock")}`;
  const logFile = join(folder, "dockerd.log");
  const log = openSync(logFile, "w");
  const place = (flag: string, name: string) => `--${flag}=${join(folder, name)}`;
  const places = [place("data-root", "data"), place("exec-root", "exec"), place("pidfile", "dockerd.pid")];
  const daemon = spawn("dockerd", [...places, "--iptables=false", "--bridge=none", "--host", host], {
    stdio: ["ignore", log, log],
  });
  const ended = once(daemon, "exit");
  ended.catch(() => {});
  const stop = async () => {
    if (daemon.exitCode === null && daemon.kill("SIGTERM")) await ended;
    // It leaves the host's network namespace mounted there, which keeps the folder from being removed.
    const namespace = join(folder, "exec", "netns", "default");
    if (existsSync(namespace)) execFileSync("umount", [namespace], { stdio: "ignore" });
  };
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (answers(host)) return { host, stop };
    if (daemon.exitCode !== null) break;
    await sleep(200);
  }
  await stop();
  throw new Error(`dockerd did not come up:\n${readFileSync(logFile, "utf8")}`);
}

function installDocker(): void {
  if (["/usr/sbin/dockerd", "/usr/bin/dockerd", "/usr/local/bin/dockerd"].some((path) => existsSync(path))) return;
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const install = ["install", "--yes", "--no-install-recommends", "docker.io"];
  execFileSync("apt-get", ["update"], { stdio: "ignore" });
  execFileSync("apt-get", install, { env, stdio: ["ignore", "ignore", "inherit"] });
}

function answers(host: string): boolean {
  try {
    execFileSync("docker", ["--host", host, "version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
