/*
 * Stands in for docker's client and daemon where images differ in their files: an image is a folder with its package `vllm`, whose
 * pace.txt says how fast its engine is; a layer is a copy with other files. Containers run the simulated engine as processes.
 * The first argument is the folder of all of it; images are made by writing images/<hex of the name>/vllm/pace.txt.
 */
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const [folder, ...args] = process.argv.slice(2) as [string, ...string[]];
const [verb, ...rest] = args;
const last = rest.at(-1) ?? "";
const after = (flag: string) => rest[rest.indexOf(flag) + 1]!;
const hex = (name: string) => Buffer.from(name).toString("hex");
/** By name or by id. */
const imageFolder = (name: string) => join(folder, "images", name.startsWith("sha256:") ? name.slice(7) : hex(name));
const containerFile = (name: string) => join(folder, `container-${name.replace(/^id-/, "")}`);
const PACKAGE = "/opt/site/vllm";

function fail(message: string, code = 1): never {
  console.error(message);
  process.exit(code);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function stop(name: string, graceMs: number): Promise<void> {
  if (name.startsWith("created-")) return;
  if (!existsSync(containerFile(name))) fail(`Error: No such container: ${name}`);
  const pid = Number(readFileSync(containerFile(name), "utf8"));
  if (isRunning(pid)) process.kill(-pid, "SIGTERM");
  for (let waited = 0; waited < graceMs && isRunning(pid); waited += 20) await sleep(20);
  if (isRunning(pid)) process.kill(-pid, "SIGKILL");
  rmSync(containerFile(name), { force: true });
}

function runPython(): void {
  console.log(rest.at(-1)!.includes("find_spec") ? PACKAGE : "0.32.0");
}

function runEngine(): void {
  const at = rest.findIndex((argument) => argument.startsWith("sha256:"));
  const pace = readFileSync(join(imageFolder(rest[at]!), "vllm", "pace.txt"), "utf8").trim();
  if (pace === "crash") fail("Traceback (most recent call last):\nNameError: name 'ops' is not defined");
  const program = join(import.meta.dirname, "fake-serving-vllm.ts");
  const words = [program, "serve", ...rest.slice(at + 1), ...pace.split(" ")];
  const container = spawn(process.execPath, words, { detached: true, stdio: ["ignore", "inherit", "inherit"] });
  const name = after("--name");
  writeFileSync(containerFile(name), String(container.pid));
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => container.kill(signal));
  container.on("exit", (code, signal) => {
    rmSync(containerFile(name), { force: true });
    process.exit(code ?? (signal === "SIGKILL" ? 137 : 143));
  });
}

function image(): void {
  const [what] = rest;
  if (what === "ls") return;
  if (what === "rm") {
    rmSync(imageFolder(last), { recursive: true, force: true });
    return;
  }
  if (!existsSync(imageFolder(last))) fail(`Error: No such image: ${last}`);
  const Id = last.startsWith("sha256:") ? last : `sha256:${hex(last)}`;
  console.log(JSON.stringify({ Id, RepoDigests: [], Config: { Entrypoint: ["vllm", "serve"], Env: [], Labels: {} } }));
}

function build(): void {
  const base = /^FROM (\S+)/.exec(readFileSync(join(last, "Dockerfile"), "utf8"))![1]!;
  const layer = imageFolder(after("--tag"));
  mkdirSync(layer, { recursive: true });
  for (const from of [imageFolder(base), last]) cpSync(join(from, "vllm"), join(layer, "vllm"), { recursive: true });
}

function copy(): void {
  const [container, path] = rest.at(-2)!.split(":") as [string, string];
  const from = join(imageFolder(`sha256:${container.slice("created-".length)}`), path.replace(PACKAGE, "vllm"));
  if (!existsSync(from)) fail(`Error: Could not find the file ${path} in container`);
  cpSync(from, last);
}

switch (verb) {
  case "version":
    console.log("28.0.0");
    break;
  case "network":
    break;
  case "image":
    image();
    break;
  case "manifest":
  case "pull":
    fail(`Error response from daemon: manifest for ${last} not found: manifest unknown`);
    break;
  case "run":
    rest.includes("python3") ? runPython() : runEngine();
    break;
  case "create":
    console.log(`created-${hex(rest.at(-2)!)}`);
    break;
  case "cp":
    copy();
    break;
  case "build":
    build();
    break;
  case "container":
    if (rest[0] === "inspect") {
      if (!existsSync(containerFile(last))) fail(`Error: No such container: ${last}`);
      console.log(`id-${last.replace(/^id-/, "")} ${readFileSync(containerFile(last), "utf8")}`);
    }
    break;
  case "stop":
    await stop(last, Number(after("-t")) * 1000);
    break;
  case "rm":
    await stop(last, 0);
    break;
  default:
    fail(`unknown command ${verb}`);
}
