/*
 * Stands in for docker's client and daemon: `docker run` starts the fake vLLM as a process of its own, which outlives
 * its client as a container does. Containers and images are files in the folder of the first argument; FAKE_DOCKER says
 * what is wrong: down, denied, no-bridge.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const [folder, ...args] = process.argv.slice(2) as [string, ...string[]];
const [verb, ...rest] = args;
const containerFile = (name: string) => join(folder, `container-${name.replace(/^id-/, "")}`);
const imageFile = (image: string) => join(folder, `image-${image.replaceAll(/[/:]/g, "_")}`);
const last = rest.at(-1) ?? "";

function fail(message: string, code = 1): never {
  console.error(message);
  process.exit(code);
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const pidOf = (name: string) => Number(readFileSync(containerFile(name), "utf8"));

function requireContainer(name: string): number {
  return existsSync(containerFile(name)) ? pidOf(name) : fail(`Error: No such container: ${name}`);
}

async function stop(name: string, graceMs: number): Promise<void> {
  const pid = requireContainer(name);
  if (runs(pid)) process.kill(-pid, "SIGTERM");
  for (let waited = 0; waited < graceMs && runs(pid); waited += 20) await sleep(20);
  if (runs(pid)) process.kill(-pid, "SIGKILL");
  rmSync(containerFile(name), { force: true });
}

/** `docker run --entrypoint python3` prints the version of the image's vLLM. */
function runPython(): void {
  const version = process.env.FAKE_VLLM_VERSION;
  if (version === undefined)
    fail('docker: Error response from daemon: exec: "python3": executable file not found', 127);
  console.log(version);
}

function runContainer(): void {
  const at = rest.findIndex((argument) => argument.startsWith("sha256:"));
  const name = rest[rest.indexOf("--name") + 1]!;
  if (rest.includes("--refused")) fail("docker: Error response from daemon: refused.\n\nRun 'docker run --help'", 125);
  const program = join(import.meta.dirname, "fake-vllm.ts");
  const container = spawn(process.execPath, [program, "serve", ...rest.slice(at + 1)], {
    detached: true,
    stdio: ["ignore", "inherit", "inherit"],
  });
  writeFileSync(containerFile(name), String(container.pid));
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => container.kill(signal));
  container.on("exit", (code, signal) => {
    rmSync(containerFile(name), { force: true });
    process.exit(code ?? (signal === "SIGKILL" ? 137 : 143));
  });
}

if (process.env.FAKE_DOCKER === "down") fail("Cannot connect to the Docker daemon. Is the docker daemon running?");
if (process.env.FAKE_DOCKER === "denied") fail("Got permission denied while trying to connect to the Docker daemon");
switch (verb) {
  case "version":
    console.log("28.0.0");
    break;
  case "network":
    if (process.env.FAKE_DOCKER === "no-bridge") fail("Error: No such network: bridge");
    break;
  case "image":
    if (!existsSync(imageFile(last))) fail(`Error: No such image: ${last}`);
    console.log(readFileSync(imageFile(last), "utf8"));
    break;
  case "manifest":
    if (last.endsWith(":missing")) fail(`no such manifest: ${last}`);
    console.log("{}");
    break;
  case "pull":
    if (!last.startsWith("registry/")) fail(`Error response from daemon: manifest for ${last} not found`);
    writeFileSync(
      imageFile(last),
      JSON.stringify({
        Id: "sha256:1d",
        RepoDigests: [`${last.split(":")[0]}@sha256:d19e57`],
        Config: {
          Entrypoint: ["vllm", "serve"],
          Env: ["PATH=/bin"],
          Labels: JSON.parse(process.env.FAKE_LABELS ?? "null"),
        },
      }),
    );
    break;
  case "run":
    rest.includes("--entrypoint") && rest.includes("python3") ? runPython() : runContainer();
    break;
  case "container":
    console.log(`id-${last.replace(/^id-/, "")} ${requireContainer(last)}`);
    break;
  case "stop":
    await stop(last, Number(rest[rest.indexOf("-t") + 1]) * 1000);
    break;
  case "rm":
    await stop(last, 0);
    break;
  default:
    fail(`unknown command ${verb}`);
}
