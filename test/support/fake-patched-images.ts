/*
 * Stands in for docker's client and daemon where images differ in their files: an image is a folder with its package `vllm`, whose
 * pace.txt says how fast its engine is; a layer is a copy with other files. Containers run the simulated engine as processes.
 * The first argument is the folder of all of it; images are made by writing images/<hex of the name>/vllm/pace.txt.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ContainerProcesses, fail } from "./container-processes.ts";

const [folder, ...args] = process.argv.slice(2) as [string, ...string[]];
const [verb, ...rest] = args;
const last = rest.at(-1) ?? "";
const after = (flag: string) => rest[rest.indexOf(flag) + 1]!;
const hex = (name: string) => Buffer.from(name).toString("hex");
/** By name or by id. */
const imageFolder = (name: string) => join(folder, "images", name.startsWith("sha256:") ? name.slice(7) : hex(name));
const containers = new ContainerProcesses(folder);
const PACKAGE = "/opt/site/vllm";

function runPython(): void {
  console.log(rest.at(-1)!.includes("find_spec") ? PACKAGE : "0.32.0");
}

function runEngine(): void {
  const at = rest.findIndex((argument) => argument.startsWith("sha256:"));
  const pace = readFileSync(join(imageFolder(rest[at]!), "vllm", "pace.txt"), "utf8").trim();
  if (pace === "crash") fail("Traceback (most recent call last):\nNameError: name 'ops' is not defined");
  const program = join(import.meta.dirname, "fake-serving-vllm.ts");
  containers.run(after("--name"), [program, "serve", ...rest.slice(at + 1), ...pace.split(" ")]);
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
    if (rest[0] === "inspect") console.log(`id-${last.replace(/^id-/, "")} ${containers.pidOf(last)}`);
    break;
  case "stop":
    await containers.stop(last, Number(after("-t")) * 1000);
    break;
  case "rm":
    if (!last.startsWith("created-")) await containers.stop(last, 0);
    break;
  default:
    fail(`unknown command ${verb}`);
}
