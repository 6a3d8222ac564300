/*
 * Stands in for docker's client and daemon: `docker run` starts the fake vLLM as a process of its own, which outlives
 * its client as a container does. Containers and images are files in the folder of the first argument; FAKE_DOCKER says
 * what is wrong: down, denied, no-bridge.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ContainerProcesses, fail } from "./container-processes.ts";

const [folder, ...args] = process.argv.slice(2) as [string, ...string[]];
const [verb, ...rest] = args;
const containers = new ContainerProcesses(folder);
const imageFile = (image: string) => join(folder, `image-${image.replaceAll(/[/:]/g, "_")}`);
const last = rest.at(-1) ?? "";

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
  containers.run(name, [program, "serve", ...rest.slice(at + 1)]);
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
    console.log(`id-${last.replace(/^id-/, "")} ${containers.pidOf(last)}`);
    break;
  case "stop":
    await containers.stop(last, Number(rest[rest.indexOf("-t") + 1]) * 1000);
    break;
  case "rm":
    await containers.stop(last, 0);
    break;
  default:
    fail(`unknown command ${verb}`);
}
